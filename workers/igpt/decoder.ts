/**
 * A decoder completes pictures with one model. Implemented by the reference in tfjs ops
 * (reference-decoder.ts), by recorded plans on WebGPU (engine/) and by the SIMD kernels (simd/). All
 * use the same random numbers, so the same settings give the same pictures within rounding.
 */
import type { CompletionUpdate, Sampling } from '../contract.ts';

export interface Decoder {
  /** Maximum number of pictures at once, look-ahead's particles included. */
  readonly variants: number;
  /**
   * Yields the pixels decided so far, row after row, and once more from 0 when look-ahead has
   * rearranged the variants. Returns how often it did. One call at a time.
   * @param tokens [T], UNKNOWN where the model is to choose
   * @param breathe awaited after each row, so that a cancel can arrive
   * @throws Aborted when the signal is aborted; BadInput for tokens that are not of this model
   */
  decode(
    tokens: Int16Array,
    sampling: Sampling,
    signal: AbortSignal,
    breathe: () => Promise<void>,
  ): AsyncGenerator<CompletionUpdate, number>;
  dispose(): void;
}
