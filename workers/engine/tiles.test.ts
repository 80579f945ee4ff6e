import { expect } from 'vitest';
import { gpuTest } from './kernels/testing.ts';
import { fastestTiles } from './tiles.ts';

gpuTest('of a reasonable tile and an absurd one, the reasonable one is chosen', async (device) => {
  const absurd = { wx: 1, wy: 1, tm: 4, tn: 1, bk: 4 };
  const reasonable = { wx: 8, wy: 8, tm: 4, tn: 2, bk: 0 };
  const chosen = await fastestTiles(device, 32, 256, false, [absurd, reasonable]);
  expect(chosen).toEqual({ nn: reasonable, nt: reasonable, tn: reasonable });
});
