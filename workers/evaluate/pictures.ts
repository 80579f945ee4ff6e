/** Whole pictures as a model sees them, on demand, so that a large data set never has to be in memory. */
import { SOS } from '../igpt/config.ts';
export interface Pictures {
  readonly count: number;
  /** Tokens of pictures [from, to). [to - from, pixels] */
  tokens(from: number, to: number): Promise<Int16Array>;
  /** Where the model knows classes, that which each picture begins with, or SOS. [count] */
  readonly starts?: Int32Array;
}

/**
 * What labelled pictures begin with: their class, where the model knows one of that name and is to be given it, or else the
 * start symbol; undefined for models that know none. @param names of the labels
 */
export function startsOf(
  labels: ArrayLike<number>,
  names: string[],
  { starts }: { starts?: string[] },
  byClass: boolean,
): Int32Array | undefined {
  if (!starts) return undefined;
  const places = names.map((name) => starts.indexOf(name)); // below 0 is SOS
  return Int32Array.from(labels, (label) => (byClass ? (places[label] ?? SOS) : SOS));
}

/** How many of them begin with a class; undefined as above. */
export const begunByClass = (starts: Int32Array | undefined): number | undefined =>
  starts?.reduce((count, start) => count + Number(start !== SOS), 0);

/** Those that are at hand. [n, pixels] */
export const picturesOf = (tokens: Int16Array, pixels: number, starts?: Int32Array): Pictures => ({
  count: tokens.length / pixels,
  starts,
  tokens: async (from, to) => tokens.subarray(from * pixels, to * pixels),
});

/** Read at once. */
const BLOCK = 256;

/** Pictures [from, to), a block's at a time. */
export async function* blocksOf(
  pictures: Pictures,
  from: number,
  to: number,
): AsyncGenerator<{ first: number; tokens: Int16Array }> {
  for (let first = from; first < to; first += BLOCK) {
    yield { first, tokens: await pictures.tokens(first, Math.min(to, first + BLOCK)) };
  }
}
