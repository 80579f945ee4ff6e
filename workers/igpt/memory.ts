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
 * Bytes at most to complete pictures and to judge whole ones, wherever they lie: the files as they were read, and in f32 where
 * they are not; the weights as the decoder has them; keys and values; one pass.
 */
export function memoryOf(config: Config, fileBytes: number, { pictures, half }: DecodingPlace): number {
  const { n_embd: d, n_positions: T, n_colours: V } = config;
  const weights = 4 * parameterCount(config);
  const read = fileBytes < weights ? fileBytes + weights : fileBytes;
  const rows = Math.max(T, pictures * sideOf(config));
  const pass = 4 * rows * (10 * d + V); // the stream, its norm, q k v, heads, the MLP and logits
  const caches = (pictures + 1) * cacheBytes(config); // one is what all pictures share, or what pictures are copied through
  return read + (half ? 1.5 * weights + caches / 2 : weights + caches) + pass;
}
