import { expect, it } from 'vitest';
import { matmul } from '../../workers/engine/kernels/matmul.ts';
import { gpuTest, random, result, upload, worst } from '../../workers/engine/kernels/testing.ts';
import { PlanBuilder } from '../../workers/engine/plan.ts';
import { readBack } from '../../workers/engine/read-back.ts';
import { byKernel, profile } from './profile.ts';

it('puts the layers of a kernel together, the slowest kernel first', () => {
  const costs = [
    { label: '0 c_fc', flops: 10, bytes: 4 },
    { label: '0 c_fc dW', flops: 5, bytes: 4 },
    { label: '11 c_fc', flops: 10, bytes: 4 },
    { label: 'AdamW', flops: 0, bytes: 8 },
  ];
  expect(byKernel(costs, [1000, 500, 3000, 2500])).toEqual([
    { name: 'c_fc', count: 2, microseconds: 4, flops: 20, bytes: 8 },
    { name: 'AdamW', count: 1, microseconds: 2.5, flops: 0, bytes: 8 },
    { name: 'c_fc dW', count: 1, microseconds: 0.5, flops: 5, bytes: 4 },
  ]);
});

gpuTest('times each dispatch of a plan, which computes the same meanwhile', async (device) => {
  if (!device.features.has('timestamp-query')) return;
  const plan = new PlanBuilder(device);
  const tile = { wx: 4, wy: 4, tm: 4, tn: 1, bk: 0 };
  const n = 256;
  const [a, b, small, large] = [random(16, 1), random(n * n, 2), result(device, 16), result(device, n * n)];
  const [x, y] = [upload(device, a), upload(device, b)];
  matmul(plan, tile, { label: 'small', m: 4, n: 4, k: 4, a: x, b: x, c: small });
  matmul(plan, tile, { label: 'large', m: n, n, k: n, a: y, b: y, c: large });
  const built = await plan.build();
  const read = async () =>
    new Float32Array(await readBack(device, device.createCommandEncoder(), [{ ...large.own!, bytes: 4 * n * n }]));
  let befores = 0;
  const [first, second] = await profile(device, built, () => befores++);
  expect(befores).toBe(10);
  expect(first).toBeGreaterThanOrEqual(0);
  expect(second).toBeGreaterThan(first);
  const timed = await read();
  const encoder = device.createCommandEncoder();
  built.record(encoder);
  device.queue.submit([encoder.finish()]);
  expect(worst(timed, await read())).toBe(0);
  expect(timed.some((value) => value !== 0)).toBe(true);
});
