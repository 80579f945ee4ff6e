import { describe, expect } from 'vitest';
import { PlanBuilder } from '../plan.ts';
import { crossEntropy, metrics } from './loss.ts';
import { downloads, gpuTest, LANES, random, result, upload, without, worst } from './testing.ts';

describe.each(LANES)('with %o', ({ lanes, subgroups }) => {
  for (const [m, v] of [
    [37, 20],
    [5, 512],
  ]) {
    gpuTest(`loss and gradient agree with float64: ${m} × ${v}`, async (device) => {
      const logits = random(m * v, 1).map((x) => 8 * x);
      const targets = Uint32Array.from({ length: m }, (_, r) => (r * 7) % v);
      const weights = random(m, 2).map(Math.abs);
      const losses = new Float64Array(m);
      const gradient = new Float64Array(m * v);
      for (let r = 0; r < m; r++) {
        const row = logits.subarray(r * v, (r + 1) * v);
        const whole = Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0));
        losses[r] = weights[r] * (whole - row[targets[r]]);
        row.forEach((x, c) => {
          gradient[r * v + c] = weights[r] * (Math.exp(x - whole) - (c === targets[r] ? 1 : 0));
        });
      }
      const plan = new PlanBuilder(subgroups ? device : without(device, 'subgroups'));
      const [inPlace, found, report] = [upload(device, logits), result(device, m), result(device, 3)];
      const [t, w] = [upload(device, targets), upload(device, weights)];
      crossEntropy(plan, lanes, { m, v, logits: inPlace, targets: t, weights: w, losses: found, gradient: 1 });
      metrics(plan, { m, losses: found, metrics: report }, { gradient: inPlace, clip: 0.5 });
      const [dlogits, loss, values] = await downloads(device, await plan.build(), [inPlace, found, report]);
      expect(worst(loss, losses)).toBeLessThan(2e-6);
      expect(worst(dlogits, gradient)).toBeLessThan(2e-6);
      const total = losses.reduce((a, b) => a + b, 0);
      const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
      expect(values[0] / total).toBeCloseTo(1, 5);
      expect(values[1] / norm).toBeCloseTo(1, 5);
      expect(values[2] / Math.min(1, 0.5 / norm)).toBeCloseTo(1, 5);
    });
  }
});

gpuTest('a row with logits far apart gives no infinity', async (device) => {
  const plan = new PlanBuilder(device);
  const [logits, losses] = [upload(device, Float32Array.of(1e4, -1e4, 0, 0)), result(device, 1)];
  const [targets, weights] = [upload(device, Uint32Array.of(1)), upload(device, Float32Array.of(1))];
  crossEntropy(plan, 1, { m: 1, v: 4, logits, targets, weights, losses, gradient: 1 });
  const [gradient, loss] = await downloads(device, await plan.build(), [logits, losses]);
  expect(Array.from(gradient)).toEqual([1, -1, 0, 0]);
  expect(loss[0]).toBe(2e4);
});
