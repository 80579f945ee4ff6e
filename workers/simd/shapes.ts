/** Which models the kernels can serve, and the sizes of one that every part of them names. */
import type { Config } from '../igpt/config.ts';
import { roundUp } from './arena.ts';

export interface Shapes {
  T: number;
  d: number;
  H: number;
  /** Channels of a head. */
  hd: number;
  V: number;
  /** Numbers in a row of logits: V and what fills the last panel. */
  Vp: number;
  L: number;
  epsilon: number;
}

/** Throws RangeError, naming the number, for a model that the kernels cannot serve. */
export function shapesOf(config: Config): Shapes {
  const { n_layer: L, n_embd: d, n_head: H, n_positions: T, n_colours: V, layer_norm_epsilon: epsilon } = config;
  if (d % 4 !== 0) throw new RangeError(`A width of ${d} is no multiple of 4.`);
  if (d % H !== 0) throw new RangeError(`A width of ${d} does not divide into ${H} heads.`);
  return { T, d, H, hd: d / H, V, Vp: roundUp(V, 8), L, epsilon };
}
