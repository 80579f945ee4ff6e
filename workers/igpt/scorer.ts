/**
 * How well a model foresees whole pictures: −log p(x_i | x_<i) of every pixel. Forward passes alone, nothing kept for a way
 * back. Whatever it runs on: the reference in tfjs ops (reference-scorer.ts), a recorded plan on WebGPU (engine/), the SIMD
 * kernels (simd/). An autoregressive model's; BERT's foresees hidden pixels from all others, which gives no such product.
 */
export interface Scorer {
  /** The most pictures at once. */
  readonly batch: number;
  /** Of a picture. */
  readonly pixels: number;
  /**
   * Nats of every pixel of B whole pictures, 1 to `batch`: tokens [B, T] to [B, T]. `starts` has the class that each begins
   * with, SOS for none. [B] Throws RangeError for another number, for a token that is no colour, and for a class that the
   * model does not know.
   */
  of(tokens: Int16Array, starts?: ArrayLike<number>): Promise<Float32Array>;
  dispose(): void;
}
