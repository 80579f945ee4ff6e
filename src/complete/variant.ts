/** One completed picture with what the model said about each of its pixels, and how updates from the lab fill it in. */
import { type CompletionUpdate, TOP_COLOURS, UNKNOWN } from '../../workers/contract.ts';

export interface Variant {
  /** [pixels]; UNKNOWN where no pixel has come yet. */
  readonly tokens: Int16Array;
  /** Surprise in nats, NaN where the model has not spoken yet. [pixels] */
  readonly nll: Float32Array;
  /** Entropy in nats, NaN where the model has not spoken yet. [pixels] */
  readonly entropy: Float32Array;
  /** [pixels, TOP_COLOURS] */
  readonly topColours: Int16Array;
  /** [pixels, TOP_COLOURS] */
  readonly topProbabilities: Float32Array;
  /** Mean bits of the pixels that were not given, as far as they have come; null before the first. */
  readonly bits: number | null;
}

/** A picture of which the model has told nothing, or only the mean. */
export function bareVariant(tokens: Int16Array, bits: number | null = null): Variant {
  const pixels = tokens.length;
  return {
    tokens,
    nll: new Float32Array(pixels).fill(Number.NaN),
    entropy: new Float32Array(pixels).fill(Number.NaN),
    topColours: new Int16Array(pixels * TOP_COLOURS).fill(UNKNOWN),
    topProbabilities: new Float32Array(pixels * TOP_COLOURS),
    bits,
  };
}

/** How many variants an update has. */
export const variantsIn = ({ from, to, tokens }: CompletionUpdate): number => tokens.length / (to - from);

/** The variants with an update's pixels put in. The given ones stay as they are, for whoever still shows them. */
export function withUpdate(variants: readonly Variant[], update: CompletionUpdate, given: Int16Array): Variant[] {
  const { from, to } = update;
  const count = to - from;
  return variants.map((variant, v) => {
    const put = <A extends Int16Array | Float32Array>(target: A, source: A, width: number): A => {
      const copy = target.slice() as A;
      copy.set(source.subarray(v * count * width, (v + 1) * count * width), from * width);
      return copy;
    };
    const nll = put(variant.nll, update.nll, 1);
    return {
      tokens: put(variant.tokens, update.tokens, 1),
      nll,
      entropy: put(variant.entropy, update.entropy, 1),
      topColours: put(variant.topColours, update.topColours, TOP_COLOURS),
      topProbabilities: put(variant.topProbabilities, update.topProbabilities, TOP_COLOURS),
      bits: bitsPerPixel(nll, given),
    };
  });
}

/** Mean bits over the pixels that were not given, as far as they have come; null before the first. */
export function bitsPerPixel(nll: Float32Array, given: Int16Array): number | null {
  let nats = 0;
  let count = 0;
  for (let i = 0; i < given.length; i++) {
    if (given[i] !== UNKNOWN || Number.isNaN(nll[i])) continue;
    nats += nll[i];
    count++;
  }
  return count ? nats / count / Math.LN2 : null;
}

export const countUnknown = (tokens: Int16Array, from = 0, to = tokens.length): number => {
  let count = 0;
  for (let i = from; i < to; i++) if (tokens[i] === UNKNOWN) count++;
  return count;
};

export const sameTokens = (a: Int16Array | null, b: Int16Array | null): boolean =>
  a === b || (a !== null && b !== null && a.length === b.length && a.every((token, i) => token === b[i]));
