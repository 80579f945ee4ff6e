import { describe, expect } from 'vitest';
import { PlanBuilder } from '../plan.ts';
import { classEntropy } from './class-entropy.ts';
import { metrics } from './loss.ts';
import { downloads, gpuTest, random, result, upload, worst } from './testing.ts';

describe.each([
  [3, 2],
  [5, 7],
  [70, 10],
])('%i pictures, %i classes', (b, c) => {
  gpuTest('loss, accuracy and gradient agree with float64', async (device) => {
    const logits = random(b * c, 1).map((x) => 8 * x);
    const labels = Uint32Array.from({ length: b }, (_, r) => (r * 3) % c);
    const weights = random(b, 2).map(Math.abs);
    const expected = { loss: 0, accuracy: 0, gradient: new Float64Array(b * c) };
    for (let r = 0; r < b; r++) {
      const row = logits.subarray(r * c, (r + 1) * c);
      const whole = Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0));
      expected.loss += weights[r] * (whole - row[labels[r]]);
      if (row.indexOf(Math.max(...row)) === labels[r]) expected.accuracy += weights[r];
      row.forEach((x, k) => {
        expected.gradient[r * c + k] = weights[r] * (Math.exp(x - whole) - (k === labels[r] ? 1 : 0));
      });
    }
    const plan = new PlanBuilder(device);
    const [inPlace, told, report, none] = [
      upload(device, logits),
      result(device, 2 * b),
      result(device, 5),
      result(device, 1),
    ];
    const given = { labels: upload(device, labels), weights: upload(device, weights) };
    classEntropy(plan, { b, c, logits: inPlace, ...given, told, gradient: true });
    metrics(plan, { m: 1, losses: none, told, metrics: report });
    const [gradient, values] = await downloads(device, await plan.build(), [inPlace, report]);
    expect(worst(gradient, expected.gradient)).toBeLessThan(2e-6);
    expect(values[3] / expected.loss).toBeCloseTo(1, 5);
    expect(values[4]).toBeCloseTo(expected.accuracy, 5);
  });
});

gpuTest('of classes that are as likely, the first is what the model says', async (device) => {
  const plan = new PlanBuilder(device);
  const [logits, told] = [upload(device, Float32Array.of(1, 1, 1, 1)), result(device, 4)];
  const [labels, weights] = [upload(device, Uint32Array.of(0, 1)), upload(device, Float32Array.of(0.5, 0.5))];
  classEntropy(plan, { b: 2, c: 2, logits, labels, weights, told, gradient: false });
  const [values] = await downloads(device, await plan.build(), [told]);
  expect([values[1], values[3]]).toEqual([0.5, 0]);
});
