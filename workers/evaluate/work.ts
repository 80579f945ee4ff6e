/** How an evaluation shares a device with others, is watched and is stopped. */
import type { EvaluationProgress } from '../contract.ts';
import { runPiece, type Work } from '../probe/work.ts';

export interface EvaluationWork extends Omit<Work, 'onProgress'> {
  onProgress?(progress: EvaluationProgress): void;
}

/** A short piece of work for the device. Throws Aborted when the signal says so. */
export const pieceOf = <T>({ signal, piece }: EvaluationWork, job: () => Promise<T>): Promise<T> =>
  runPiece({ signal, piece }, job);

/** Tells how much of a stage is done, and how long the rest will take at the speed of what was done. */
export function progressOf(
  { onProgress }: EvaluationWork,
  stage: EvaluationProgress['stage'],
  total: number,
): (done: number) => void {
  const started = performance.now();
  return (done) => {
    const seconds = (performance.now() - started) / 1000;
    onProgress?.({ stage, done, total, secondsLeft: done > 0 ? (seconds * (total - done)) / done : null });
  };
}
