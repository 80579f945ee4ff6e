/** How the numbers of samples are put together. */
import { expect, it } from 'vitest';
import { blocksOf, layerSamples, pixelSamples, subset } from './samples.ts';
import { scale, scalingOf } from './scaling.ts';

const [one, other] = [Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(10, 20, 30, 40, 50, 60)];

it('puts layers side by side, picture by picture', () => {
  const samples = layerSamples([one, other], 2, [0, 1, 0]);
  expect(samples.width).toBe(4);
  expect([...samples.rows(Uint32Array.of(2, 0))]).toEqual([5, 6, 50, 60, 1, 2, 10, 20]);
});

it('takes some of them in the order asked for, and some of those', () => {
  const some = subset(layerSamples([one], 2, [7, 8, 9]), Uint32Array.of(2, 0));
  expect(Array.from(some.labels)).toEqual([9, 7]);
  expect([...some.rows(Uint32Array.of(1, 0))]).toEqual([1, 2, 5, 6]);
  expect([...subset(some, Uint32Array.of(1)).rows(Uint32Array.of(0))]).toEqual([1, 2]);
});

it('reads pixels as the colours of their tokens', () => {
  const palette = Float32Array.of(-1, 0, 1, 0.5, 0.25, 0);
  const samples = pixelSamples({ tokens: Int16Array.of(0, 1, 1, 1), labels: [0, 1] }, palette);
  expect(samples.width).toBe(6);
  expect([...samples.rows(Uint32Array.of(0))]).toEqual([-1, 0, 1, 0.5, 0.25, 0]);
});

it('has every sample in one block', () => {
  const samples = { width: 2 ** 20, labels: new Uint8Array(11), rows: () => new Float32Array() };
  expect(blocksOf(samples).map((places) => [...places])).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [8, 9, 10],
  ]);
});

it('scales to mean 0 and deviation 1, and leaves alone what never changes', async () => {
  const samples = layerSamples([Float32Array.of(1, 5, 2, 5, 3, 5)], 2, [0, 0, 0]);
  const scaling = await scalingOf(samples, {});
  expect([...scaling.mean]).toEqual([2, 5]);
  expect(scaling.deviation[0]).toBeCloseTo(Math.sqrt(2 / 3), 12);
  expect(scaling.deviation[1]).toBe(1);
  const scaled = scale(samples.rows(Uint32Array.of(0, 2)), scaling);
  [-Math.sqrt(1.5), 0, Math.sqrt(1.5), 0].forEach((x, i) => {
    expect(scaled[i]).toBeCloseTo(x, 6);
  });
});
