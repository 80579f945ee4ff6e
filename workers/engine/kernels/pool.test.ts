import { describe, expect } from 'vitest';
import { PlanBuilder } from '../plan.ts';
import { pool, spread } from './pool.ts';
import { download, gpuTest, random, result, upload, worst } from './testing.ts';

describe.each([1, 32])('with tuning for %i threads a row', (lanes) => {
  gpuTest('means over positions agree with float64, however positions and columns divide', async (device) => {
    for (const [b, t, d] of [
      [3, 25, 24],
      [1, 1, 4],
      [2, 9, 132],
    ]) {
      const x = random(b * t * d, 1);
      const plan = new PlanBuilder(device);
      const out = result(device, b * d);
      pool(plan, lanes, { label: 'pool', b, t, d, x: upload(device, x) }, out);
      const expected = Float64Array.from({ length: b * d }, (_, i) => {
        const first = Math.floor(i / d) * t * d + (i % d);
        let sum = 0;
        for (let p = 0; p < t; p++) sum += x[first + p * d];
        return sum / t;
      });
      expect(worst(await download(device, await plan.build(), out), expected), `${b} × ${t} × ${d}`).toBeLessThan(1e-6);
    }
  });
});

gpuTest('the way back gives every position its share, beside what is there or instead of it', async (device) => {
  const [b, t, d] = [3, 5, 8];
  const [means, before] = [random(b * d, 1), random(b * t * d, 2)];
  for (const add of [true, false]) {
    const plan = new PlanBuilder(device);
    const dx = upload(device, before);
    spread(plan, { label: 'spread', b, t, d }, { dmean: upload(device, means), dx, add });
    const expected = Float64Array.from(before, (x, i) => {
      const share = means[Math.floor(i / (t * d)) * d + (i % d)] / t;
      return add ? x + share : share;
    });
    expect(worst(await download(device, await plan.build(), dx), expected)).toBeLessThan(1e-6);
  }
});
