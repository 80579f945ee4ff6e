/** What a model costs in memory when it is used, not trained. */
import { type Config, parameterCount, sideOf } from './config.ts';

export interface DecodingPlace {
  /** Pictures that are decoded at once, look-ahead's particles counted. */
  pictures: number;
  /** In f16: weights, which stand beside those that they are made of for a moment, keys and values. */
  half: boolean;
}

/** Bytes of keys and values of a whole picture in f32, all layers. */
export const cacheBytes = ({ n_layer: L, n_embd: d, n_positions: T }: Config): number => 2 * 4 * L * T * d;

/**
 * Bytes at most of whole pictures that pass through a model at once: its weights in f32, and one
 * pass.
 */
export const passBytes = (config: Config, pictures: number): number =>
  4 * parameterCount(config) + rowBytes(config, pictures * config.n_positions);

/** Of a pass over so many positions: the stream, its norm, q k v, heads, the MLP and logits. */
const rowBytes = ({ n_embd: d, n_colours: V }: Config, rows: number): number => 4 * rows * (10 * d + V);

/**
 * Bytes at most to complete pictures and to judge whole ones, wherever they lie: the files as they were read, and in f32 where
 * they are not; the weights as the decoder has them; keys and values; one pass.
 */
export function memoryOf(config: Config, fileBytes: number, { pictures, half }: DecodingPlace): number {
  const weights = 4 * parameterCount(config);
  const read = fileBytes < weights ? fileBytes + weights : fileBytes;
  const pass = rowBytes(config, Math.max(config.n_positions, pictures * sideOf(config)));
  const caches = (pictures + 1) * cacheBytes(config); // one is what all pictures share, or what pictures are copied through
  return read + (half ? 1.5 * weights + caches / 2 : weights + caches) + pass;
}
