/**
 * What a linear probe sees of a picture: for each layer the mean over positions of what its attention reads (after ln_1),
 * and last that of what the head reads (after ln_f). Source: Chen et al. 2020, "Linear Probing". Whatever it runs on:
 * the reference in tfjs ops (reference-features.ts), a recorded plan on WebGPU (engine/), the SIMD kernels (simd/).
 */
import type { Config } from './config.ts';
import { autoregressive, type Objective } from './objectives.ts';

export interface Features {
  /** The most pictures at once. */
  readonly batch: number;
  /** n_layer + 1. */
  readonly layers: number;
  /** n_embd. */
  readonly width: number;
  /** Of a picture. */
  readonly pixels: number;
  /**
   * Features of B whole pictures, 1 to `batch`: tokens [B, T] to [layers, B, width], in one forward pass. Throws
   * RangeError for another number, and for a token that is no colour.
   */
  of(tokens: Int16Array): Promise<Float32Array>;
  dispose(): void;
}

/**
 * The inputs of whole pictures: as in training, but nothing is hidden from a BERT model. Features have no `starts`: whatever a
 * picture shows is to be found in it. [B·T]
 */
export function featureInputs(
  objective: Objective,
  tokens: Int16Array,
  config: Config,
  batch: number,
  starts?: ArrayLike<number>,
): Int32Array {
  const { n_positions: T, n_colours: V } = config;
  const pictures = tokens.length / T;
  if (!Number.isInteger(pictures) || pictures < 1 || pictures > batch) {
    throw new RangeError(`${tokens.length} pixels are not 1 to ${batch} pictures of ${T}.`);
  }
  const wrong = tokens.find((t) => t < 0 || t >= V);
  if (wrong !== undefined) throw new RangeError(`Colour ${wrong} is not one of ${V}.`);
  return objective === 'bert' ? Int32Array.from(tokens) : autoregressive(tokens, config, starts).inputs;
}
