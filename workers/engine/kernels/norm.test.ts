import { describe, expect } from 'vitest';
import { PlanBuilder } from '../plan.ts';
import { columnSum } from './column-sum.ts';
import { norm, normGradient } from './norm.ts';
import { downloads, gpuTest, LANES, random, result, upload, without, worst } from './testing.ts';

const EPS = 1e-5;

/** Float64, straight from the definition; `carried` is added to the input's gradient. */
function expected(m: number, d: number, x: Float32Array, g: Float32Array, dy: Float32Array, carried: Float32Array) {
  const y = new Float64Array(m * d);
  const dx = Float64Array.from(carried);
  const dgain = new Float64Array(d);
  for (let r = 0; r < m; r++) {
    const row = x.subarray(r * d, (r + 1) * d);
    const s = 1 / Math.sqrt(row.reduce((sum, v) => sum + v * v, 0) / d + EPS);
    const along = row.reduce((sum, v, e) => sum + g[e] * dy[r * d + e] * v, 0) / d;
    for (let e = 0; e < d; e++) {
      y[r * d + e] = row[e] * s * g[e];
      dx[r * d + e] += s * (g[e] * dy[r * d + e] - row[e] * s * s * along);
      dgain[e] += dy[r * d + e] * row[e] * s;
    }
  }
  return { y, dx, dgain };
}

describe.each(LANES)('with %o', ({ lanes, subgroups }) => {
  for (const [m, d] of [
    [37, 24],
    [3, 200],
  ]) {
    gpuTest(`the norm and its gradients agree with float64: ${m} × ${d}`, async (device) => {
      const [x, gain, dy, carried] = [random(m * d, 1), random(d, 2), random(m * d, 3), random(m * d, 4)];
      const plan = new PlanBuilder(subgroups ? device : without(device, 'subgroups'));
      const [y, dx, dgain] = [result(device, m * d), result(device, m * d), result(device, d)];
      const shape = { label: 'norm', m, d, epsilon: EPS, x: upload(device, x), gain: upload(device, gain) };
      norm(plan, lanes, shape, y);
      normGradient(plan, lanes, shape, { dy: upload(device, dy), carried: upload(device, carried), dx, dgain });
      const found = await downloads(device, await plan.build(), [y, dx, dgain]);
      const wanted = expected(m, d, x, gain, dy, carried);
      expect(worst(found[0], wanted.y)).toBeLessThan(2e-6);
      expect(worst(found[1], wanted.dx)).toBeLessThan(5e-6);
      expect(worst(found[2], wanted.dgain)).toBeLessThan(1e-5);
    });
  }
});

gpuTest('column sums agree with float64, however rows and chunks divide', async (device) => {
  for (const m of [1, 5, 64, 101]) {
    const a = random(m * 12, 1);
    const plan = new PlanBuilder(device);
    const out = result(device, 12);
    columnSum(plan, { label: 'sum', m, n: 12, a: upload(device, a) }, out);
    const [found] = await downloads(device, await plan.build(), [out]);
    const sums = Array.from({ length: 12 }, (_, n) => a.reduce((sum, x, i) => (i % 12 === n ? sum + x : sum), 0));
    expect(worst(found, sums)).toBeLessThan(1e-5);
  }
});
