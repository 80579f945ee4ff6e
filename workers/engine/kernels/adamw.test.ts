import { expect } from 'vitest';
import { PlanBuilder } from '../plan.ts';
import { adamw, settingsOf } from './adamw.ts';
import { downloads, gpuTest, random, upload, worst } from './testing.ts';

gpuTest('a step of AdamW agrees with float64; only the first part decays', async (device) => {
  const n = 1000;
  const adam = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, clip: 1 };
  const [step, rate, clipping] = [7, 0.01, 0.3];
  const [w, g, m, v] = [random(n, 1), random(n, 2), random(n, 3), random(n, 4).map(Math.abs)];
  const wanted = Float64Array.from(w, (x, i) => {
    const scaled = clipping * g[i];
    const mean = (0.9 * m[i] + 0.1 * scaled) / (1 - 0.9 ** step);
    const square = (0.95 * v[i] + 0.05 * scaled ** 2) / (1 - 0.95 ** step);
    return x * (i < 400 ? 1 - rate * 0.1 : 1) - (rate * mean) / (Math.sqrt(square) + 1e-8);
  });
  const plan = new PlanBuilder(device);
  const weights = upload(device, w);
  adamw(plan, adam, {
    settings: upload(device, settingsOf(adam, step, rate)),
    metrics: upload(device, Float32Array.of(0, 0, clipping)),
    gradient: upload(device, g),
    weights,
    mean: upload(device, m),
    square: upload(device, v),
    decayed: 1600,
  });
  const [found] = await downloads(device, await plan.build(), [weights]);
  expect(worst(found, wanted)).toBeLessThan(2e-6);
});
