/** How long work shares a device with others, is watched and is stopped. */
import type { ProbeProgress } from '../contract.ts';
import { Aborted } from '../errors.ts';

export interface Work {
  /** Stops the work, between two pieces, with Aborted. */
  signal?: AbortSignal;
  /**
   * Runs a short piece of work for the device, a batch of features or one look at a loss; between two pieces others may
   * have the device. At once unless said otherwise.
   */
  piece?<T>(job: () => Promise<T>): Promise<T>;
  onProgress?(progress: ProbeProgress): void;
}

export async function runPiece<T>({ signal, piece }: Work, job: () => Promise<T>): Promise<T> {
  if (signal?.aborted) throw new Aborted();
  return piece ? piece(job) : job();
}
