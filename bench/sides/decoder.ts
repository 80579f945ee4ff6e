/** Two kinds of sides that decode: ours and tfjs's complete whole rows, the other peers go step by step. */
import { type CompletionUpdate, type Sampling, UNKNOWN } from '../../workers/contract.ts';
import { sideOf } from '../../workers/igpt/config.ts';
import { uniform } from '../../workers/igpt/random.ts';
import { type Effort, type Sample, settled, timed } from '../measure.ts';
import type { Ready } from '../suites/contest.ts';
import type { Workload } from '../workload.ts';
import type { Prefix } from './prefix.ts';

export interface DecodingSide {
  /** Nats of some pixels from the first unknown one on, forced to those of the picture; the first use warms up. */
  nll(): Promise<number[]>;
  /** Decodes at most this many rows, from the first unknown pixel on. */
  sample(rows: number): Promise<Sample>;
}

const SEED = 5;

/** How many pixels beyond the given ones are compared. */
const COMPARED = 4;

export type Decode = (
  tokens: Int16Array,
  sampling: Sampling,
  signal: AbortSignal,
  breathe: () => Promise<void>,
) => AsyncGenerator<CompletionUpdate, number>;

/** A side with the interface of workers/igpt/decode.ts. */
export function completing(decode: Decode, { config, given, variants }: Workload, { tokens }: Prefix): DecodingSide {
  const side = sideOf(config);
  const start = (known: Int16Array, count: number) => {
    const sampling = { temperature: 1, topK: 0, topP: 1, seed: SEED, variants: count, lookAhead: false };
    return decode(known, sampling, new AbortController().signal, async () => {});
  };
  return {
    async nll() {
      // One unknown row: the row before it, and its first pixels, are scored through the cache as known pixels.
      const known = tokens.map((t, i) => (i >= given + COMPARED ? UNKNOWN : t));
      const steps = start(known, variants);
      for (let step = await steps.next(); !step.done; step = await steps.next()) {
        const { from, to, nll } = step.value;
        if (from > given || to <= given) continue;
        const at = given - from;
        await steps.return(0);
        return [...nll.subarray(at, at + COMPARED)];
      }
      throw new Error('The decoder ended too early.');
    },
    async sample(rows) {
      const steps = start(
        tokens.map((t, i) => (i < given ? t : UNKNOWN)),
        variants,
      );
      await steps.next(); // the given pixels, which no side's time counts
      let done = 0;
      const result = await timed(0, async () => {
        while (done < rows && !(await steps.next()).done) done++;
      });
      await steps.return(0);
      return { ...result, work: done * side * variants };
    },
  };
}

/** One position of all variants. The chosen colours feed the next step on the device unless others are forced. */
export interface Stepper {
  /** uniforms: [B] in [0, 1). */
  step(position: number, uniforms: Float32Array, forced?: Int32Array): Promise<void>;
  /** Of the last step, [B, V]. */
  logp(): Promise<ArrayLike<number>>;
  /** The colours chosen in the last step, [B]; waits for them. */
  tokens(): Promise<ArrayLike<number>>;
}

export function stepping(stepper: Stepper, { config, given, variants }: Workload, { tokens }: Prefix): DecodingSide {
  const side = sideOf(config);
  const uniforms = (position: number) => Float32Array.from({ length: variants }, (_, b) => uniform(SEED, b, position));
  const forced = (position: number) => new Int32Array(variants).fill(tokens[position - 1]);
  return {
    async nll() {
      const nats: number[] = [];
      for (let i = given; i < given + COMPARED; i++) {
        await stepper.step(i, uniforms(i), forced(i));
        nats.push(-(await stepper.logp())[tokens[i]]);
      }
      return nats;
    },
    sample: (rows) =>
      timed(rows * side * variants, async () => {
        for (let i = given; i < given + rows * side; i++) {
          await stepper.step(i, uniforms(i), i === given ? forced(i) : undefined);
          if (i % side === side - 1) await stepper.tokens(); // the pixels of a row are shown, on every side
        }
      }),
  };
}

/** Of several ways to run a peer, the one that decodes a row soonest once it is warm. */
export async function fastest<W>(
  ways: W[],
  { warm }: Effort,
  make: (way: W) => Promise<DecodingSide>,
): Promise<[DecodingSide, W]> {
  if (ways.length === 1) return [await make(ways[0]), ways[0]];
  const tried: { side: DecodingSide; way: W; milliseconds: number }[] = [];
  for (const way of ways) {
    const side = await make(way);
    tried.push({ side, way, milliseconds: (await settled(() => side.sample(1), warm)).milliseconds });
  }
  const [{ side, way }] = tried.sort((a, b) => a.milliseconds - b.milliseconds);
  return [side, way];
}

/** Compares, warms up, and finds how many rows a sample may have, so that all rounds together keep to the effort. */
export async function warmed(
  side: DecodingSide,
  { config, given }: Workload,
  { rounds, milliseconds, warm }: Effort,
  how = '',
): Promise<Ready> {
  const values = await side.nll();
  const row = await settled(() => side.sample(1), warm);
  const all = (config.n_positions - given) / sideOf(config);
  const rows = Math.min(all, Math.max(1, Math.floor(milliseconds / rounds / row.milliseconds)));
  return {
    values,
    sample: () => side.sample(rows),
    how: [how, rows < all ? `A sample has ${rows} of ${all} rows.` : ''].filter(Boolean).join(' '),
  };
}
