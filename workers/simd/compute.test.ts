import { beforeAll, expect, it } from 'vitest';
import { simdKernels } from '../../tools/simd-kernels.ts';
import { simdCompute } from './compute.ts';
import { setKernels } from './kernels.ts';

beforeAll(async () => setKernels(await simdKernels()));

it('measures its peak once, not again for each run', async () => {
  const compute = simdCompute();
  const peak = await compute.peak();
  expect(peak).toBeGreaterThan(0);
  // No two measurements are the same.
  expect(await compute.peak()).toBe(peak);
});
