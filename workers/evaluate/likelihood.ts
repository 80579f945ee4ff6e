/** Nats per pixel of many pictures under a model, with the standard error of their mean. */
import type { Likelihood } from '../contract.ts';
import { BadInput } from '../errors.ts';
import type { Scorer } from '../igpt/scorer.ts';
import { blocksOf, type Pictures } from './pictures.ts';
import { type EvaluationWork, pieceOf, progressOf } from './work.ts';

/**
 * The nats of the first `count` pictures; onScored hears batch after batch those that there are. Throws BadInput when the
 * model gives what is no number.
 */
export async function scorePictures(
  scorer: Scorer,
  pictures: Pictures,
  count: number,
  work: EvaluationWork,
  onScored: (nats: Float64Array) => void = () => {},
): Promise<Float64Array> {
  const { batch, pixels } = scorer;
  const nats = new Float64Array(count);
  const tell = progressOf(work, 'likelihood', count);
  tell(0);
  for await (const { first, tokens } of blocksOf(pictures, 0, count)) {
    for (let at = 0; at < tokens.length; at += batch * pixels) {
      let done = first + at / pixels;
      const starts = pictures.starts?.subarray(done, done + batch);
      const surprise = await pieceOf(work, () => scorer.of(tokens.subarray(at, at + batch * pixels), starts));
      for (let from = 0; from < surprise.length; from += pixels) {
        nats[done++] = meanOf(surprise.subarray(from, from + pixels));
      }
      if (!Number.isFinite(nats[done - 1])) throw new BadInput(NOT_FINITE);
      tell(done);
      onScored(nats.subarray(0, done));
    }
  }
  return nats;
}

export const NOT_FINITE = 'The model gives no finite numbers: its weights are damaged.';

/** The pictures are independent of each other, the pixels of one are not: the error is that of a mean over pictures. */
export function summary(nats: Float64Array): Omit<Likelihood, 'pictures' | 'byClass'> {
  const mean = meanOf(nats);
  const squares = nats.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const n = nats.length;
  return { mean, standardError: n > 1 ? Math.sqrt(squares / (n - 1) / n) : null, nats: nats.slice() };
}

function meanOf(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
