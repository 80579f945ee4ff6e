/** Loss and gradient on the SIMD kernels and on every backend of tfjs against plain loops in float64. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { simdKernels } from '../../tools/simd-kernels.ts';
import { dawnGpu } from '../engine/dawn.ts';
import { Aborted, BadInput } from '../errors.ts';
import { uniform } from '../igpt/random.ts';
import { useWasm } from '../igpt/testing.ts';
import { startBackend } from '../lab/backend.ts';
import { setKernels } from '../simd/kernels.ts';
import { BUILDS, useBuild } from '../simd/testing.ts';
import { layerSamples } from './samples.ts';
import { SimdLoss } from './simd-loss.ts';
import { openLoss } from './softmax-loss.ts';
import { probabilities, TfjsLoss } from './tfjs-loss.ts';

/** Pictures enough for the path by which tfjs multiplies long and thin matrices on WebGPU. */
const [N, D, C] = [2501, 6, 3];
const features = Float32Array.from({ length: N * D }, (_, i) => 2 * uniform(1, 0, i) - 1);
const labels = Array.from({ length: N }, (_, i) => (i * 5) % C);
const samples = layerSamples([features], D, labels);
const parameters = Float64Array.from({ length: C * (D + 1) }, (_, i) => 4 * uniform(2, 0, i) - 2);
const scaling = { mean: new Float64Array(D).fill(0.1), deviation: new Float64Array(D).fill(0.5) };

/** Probabilities [N, C] in float64. */
const expected = Array.from({ length: N }, (_, i) => {
  const logits = Array.from({ length: C }, (_, c) => {
    let sum = parameters[C * D + c];
    for (let j = 0; j < D; j++) sum += parameters[c * D + j] * ((features[i * D + j] - 0.1) / 0.5);
    return sum;
  });
  const total = logits.reduce((sum, l) => sum + Math.exp(l), 0);
  return logits.map((l) => Math.exp(l) / total);
});

const inNode = (gpu?: GPU) => ({ gpu, wasm: '' });
const fail = (message: string) => {
  throw new Error(message);
};
const backends: { name: string; use: () => Promise<unknown>; tags?: ['webgpu'] }[] = [
  { name: 'wasm', use: useWasm },
  { name: 'cpu', use: () => startBackend(inNode(), 'cpu', fail) },
  {
    name: 'webgpu',
    use: async () => startBackend(inNode((await dawnGpu()) as GPU), 'webgpu', fail),
    tags: ['webgpu'],
  },
];

/** What is wanted of a loss and its gradient at the parameters. */
function check({ value, gradient }: { value: number; gradient: Float64Array }): void {
  expect(value).toBeCloseTo(
    labels.reduce((sum, label, i) => sum - Math.log(expected[i][label]) / N, 0),
    5,
  );
  const x = (i: number, j: number) => (j === D ? 1 : (features[i * D + j] - 0.1) / 0.5);
  const slope = (c: number, j: number) =>
    labels.reduce((sum, label, i) => sum + ((expected[i][c] - (label === c ? 1 : 0)) * x(i, j)) / N, 0);
  for (let c = 0; c < C; c++) {
    for (let j = 0; j < D; j++) expect(gradient[c * D + j]).toBeCloseTo(slope(c, j), 5);
    expect(gradient[C * D + c]).toBeCloseTo(slope(c, D), 5);
  }
}

beforeAll(async () => setKernels(await simdKernels()));

it.each(BUILDS)('the SIMD kernels, %s, give loss and gradient as float64 has them', async (build) => {
  await useBuild(build);
  check(await (await SimdLoss.of(samples, C, scaling, {})).at(parameters, {}));
});

for (const { name, use, tags } of backends) {
  it(`on ${name} tfjs gives loss, gradient and probabilities as float64 has them, and keeps no tensor`, {
    tags,
    timeout: 300_000,
  }, async () => {
    await use();
    expect(tf.getBackend()).toBe(name);
    const before = tf.memory().numTensors;
    const loss = await TfjsLoss.of(samples, C, scaling, {});
    check(await loss.at(parameters, {}));
    loss.dispose();
    const found = await probabilities(samples, scaling, parameters, {});
    expected.flat().forEach((p, i) => {
      expect(found[i]).toBeCloseTo(p, 5);
    });
    expect(tf.memory().numTensors).toBe(before);
  });
}

it.each([
  ['SimdLoss', SimdLoss],
  ['TfjsLoss', TfjsLoss],
])('%s adds up blocks to the whole, and stops between them', async (_, Loss) => {
  await useWasm();
  // 2 ** 22 numbers make a block: here eight samples, and then two.
  const width = 2 ** 19;
  const wide = Float32Array.from({ length: 10 * width }, (_, i) => uniform(3, 0, i) - 0.5);
  const flat = { mean: new Float64Array(width), deviation: new Float64Array(width).fill(1) };
  const classes = Array.from({ length: 10 }, (_, i) => i % 2);
  const start = new Float64Array(2 * (width + 1));
  const loss = await Loss.of(layerSamples([wide], width, classes), 2, flat, {});
  let pieces = 0;
  const piece = <T>(job: () => Promise<T>): Promise<T> => {
    pieces++;
    return job();
  };
  const { value, gradient } = await loss.at(start, { piece });
  expect(pieces).toBe(2);
  expect(value).toBeCloseTo(Math.LN2, 5);
  const first = classes.reduce((sum, label, i) => sum + ((label === 0 ? -0.5 : 0.5) * wide[i * width]) / 10, 0);
  expect(gradient[0]).toBeCloseTo(first, 5);
  const stop = new AbortController();
  const stopping = loss.at(start, { signal: stop.signal });
  stop.abort();
  await expect(stopping).rejects.toBeInstanceOf(Aborted);
  loss.dispose();
});

it('refuses more than a device is trusted to hold, before it makes any of it', async () => {
  const rows = () => {
    throw new Error('nothing may be made');
  };
  const huge = { width: 12_800, labels: new Uint8Array(50_000), rows };
  const flat = { mean: new Float64Array(12_800), deviation: new Float64Array(12_800) };
  const sentence = 'These features take 2,560 MB: take fewer pictures, or fewer layers side by side.';
  await expect(openLoss(huge, 10, flat, {})).rejects.toThrow(new BadInput(sentence));
});

it('goes to a GPU where it is large, and never where there is none', { tags: ['webgpu'] }, async () => {
  const wide = layerSamples([new Float32Array(100 * 800)], 800, new Uint8Array(100));
  const flat = { mean: new Float64Array(800), deviation: new Float64Array(800).fill(1) };
  const kindOf = async (classes: number) => {
    const loss = await openLoss(wide, classes, flat, {});
    loss.dispose();
    return loss.constructor;
  };
  await startBackend(inNode((await dawnGpu()) as GPU), 'webgpu', fail);
  expect([await kindOf(10), await kindOf(1000)]).toEqual([SimdLoss, TfjsLoss]);
  await useWasm();
  expect(await kindOf(1000)).toBe(SimdLoss);
});
