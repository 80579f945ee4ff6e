/** An order for an epoch that depends on the seed and the epoch alone, so that a run can go on anywhere. */

import { pcg3d } from '../igpt/random.ts';

/**
 * The numbers 0 to n - 1, each once, in an order drawn by (seed, epoch). Source: Fisher & Yates 1938, as Durstenfeld 1964.
 */
export function shuffled(n: number, seed: number, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const other = Math.floor((pcg3d(seed, epoch, i) / 2 ** 32) * (i + 1));
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}
