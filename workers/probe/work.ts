/** How long work shares a device with others, is watched and is stopped. */
import { Aborted } from '../errors.ts';

export interface Work {
  /** Stops the work, between two pieces, with Aborted. */
  signal?: AbortSignal;
  /**
   * Runs a short piece of work for the device, a batch of features or one look at a loss; between two pieces others may
   * have the device. At once unless said otherwise.
   */
  piece?<T>(job: () => Promise<T>): Promise<T>;
  onProgress?(progress: Progress): void;
}

export type Progress =
  | { stage: 'features'; done: number; total: number }
  /** `slope`: the norm of the gradient as a share of that at the start; it ends below CONVERGED. */
  | { stage: 'fitting'; layers: number[]; strength: number; iteration: number; slope: number };

export async function runPiece<T>({ signal, piece }: Work, job: () => Promise<T>): Promise<T> {
  if (signal?.aborted) throw new Aborted();
  return piece ? piece(job) : job();
}
