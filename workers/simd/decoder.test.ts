/** The decoder on SIMD kernels against the reference: the same seed must give the same picture and the same likelihoods. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type CompletionUpdate, type Sampling, TOP_COLOURS, UNKNOWN } from '../contract.ts';
import type { Config, Weights } from '../igpt/config.ts';
import { decode } from '../igpt/decode.ts';
import { particleCount } from '../igpt/look-ahead.ts';
import { uniform } from '../igpt/random.ts';
import { ImageGPT } from '../igpt/reference.ts';
import { randomWeights, useWasm } from '../igpt/testing.ts';
import { SimdDecoder } from './decoder.ts';
import { BUILDS, useBuild } from './testing.ts';

const config: Config = { n_layer: 2, n_embd: 24, n_head: 3, n_positions: 64, n_colours: 20, layer_norm_epsilon: 1e-5 };
const weights = randomWeights(config, 3);
const sampling: Sampling = { temperature: 1, topK: 0, topP: 1, seed: 7, variants: 3, lookAhead: false };
const drawing = Int16Array.from({ length: 64 }, (_, i) => Math.floor(uniform(1, 2, i) * 20));
const unknownWhere = (test: (i: number) => boolean) => drawing.map((t, i) => (test(i) ? UNKNOWN : t));

beforeAll(useWasm);

type Decode = (tokens: Int16Array, s: Sampling) => AsyncGenerator<CompletionUpdate, number>;

/** Everything that the updates say in the end, by pixel. */
async function collect(decodeIt: Decode, tokens: Int16Array, settings: Sampling) {
  const { variants } = settings;
  const T = tokens.length;
  const picture = new Int16Array(variants * T);
  const nll = new Float32Array(variants * T);
  const entropy = new Float32Array(variants * T);
  const topProbabilities = new Float32Array(variants * T * TOP_COLOURS);
  const steps = decodeIt(tokens, settings);
  let step = await steps.next();
  while (!step.done) {
    const { from, to, ...u } = step.value;
    const m = to - from;
    for (let v = 0; v < variants; v++) {
      picture.set(u.tokens.subarray(v * m, (v + 1) * m), v * T + from);
      nll.set(u.nll.subarray(v * m, (v + 1) * m), v * T + from);
      entropy.set(u.entropy.subarray(v * m, (v + 1) * m), v * T + from);
      const top = u.topProbabilities.subarray(v * m * TOP_COLOURS, (v + 1) * m * TOP_COLOURS);
      topProbabilities.set(top, (v * T + from) * TOP_COLOURS);
    }
    step = await steps.next();
  }
  return { picture, nll, entropy, topProbabilities, resampled: step.value };
}

const cases: [string, Int16Array, Partial<Sampling>][] = [
  ['a known top half', unknownWhere((i) => i >= 32), {}],
  ['nothing known', unknownWhere(() => true), {}],
  ['everything known', drawing, {}],
  ['scattered pixels known, temperature 0.7', unknownWhere((i) => uniform(5, 5, i) < 0.6), { temperature: 0.7 }],
  ['temperature 0', unknownWhere((i) => i >= 32), { temperature: 0 }],
  ['top-k 4', unknownWhere((i) => i >= 32), { topK: 4 }],
  ['top-p 0.7', unknownWhere((i) => i >= 32), { topP: 0.7 }],
  ['top-k, top-p and temperature', unknownWhere((i) => i >= 32), { topK: 6, topP: 0.8, temperature: 1.3 }],
  ['look-ahead with resampling', unknownWhere((i) => i % 8 < 4), { lookAhead: true, variants: 4 }],
];

const signal = new AbortController().signal;
const breathe = async () => {};

async function bothDecode(c: Config, w: Weights, tokens: Int16Array, settings: Sampling) {
  const reference = new ImageGPT(c, w);
  const decoder = await SimdDecoder.create(c, w, particleCount(settings));
  const expected = await collect((t, s) => decode(reference, t, s, signal, breathe), tokens, settings);
  const found = await collect((t, s) => decoder.decode(t, s, signal, breathe), tokens, settings);
  const again = await collect((t, s) => decoder.decode(t, s, signal, breathe), tokens, settings);
  reference.dispose();
  expect(found.picture).toEqual(expected.picture);
  expect(found.resampled).toBe(expected.resampled);
  for (const key of ['nll', 'entropy', 'topProbabilities'] as const) {
    const differences = expected[key].map((x, i) => Math.abs(x - found[key][i]));
    expect(Math.max(...differences), key).toBeLessThan(1e-4);
  }
  expect(again).toEqual(found);
}

describe.each(BUILDS)('the decoder on the %s build', (build) => {
  beforeAll(() => useBuild(build), 60_000);

  it.each(cases)('draws what the reference draws: %s', async (_, tokens, settings) => {
    await bothDecode(config, weights, tokens, { ...sampling, ...settings });
  });

  it('draws what the reference draws when nothing divides by a tile', async () => {
    const odd: Config = { ...config, n_embd: 20, n_head: 4, n_positions: 49, n_colours: 5 };
    const tokens = Int16Array.from({ length: 49 }, (_, i) => (i % 11 < 5 ? UNKNOWN : i % 5));
    await bothDecode(odd, randomWeights(odd, 8), tokens, sampling);
  });

  it('draws the same variants whatever stands beside them', async () => {
    const tokens = unknownWhere((i) => i >= 32);
    const decoder = await SimdDecoder.create(config, weights, 3);
    const many = await collect((t, s) => decoder.decode(t, s, signal, breathe), tokens, sampling);
    const one = await collect((t, s) => decoder.decode(t, s, signal, breathe), tokens, { ...sampling, variants: 1 });
    expect(many.picture.subarray(0, 64)).toEqual(one.picture);
  });
});

it('stops within a row when told to', async () => {
  const controller = new AbortController();
  const decoder = await SimdDecoder.create(config, weights, 3);
  let rows = 0;
  const pause = async () => {
    if (++rows === 2) controller.abort();
  };
  const tokens = unknownWhere(() => true);
  await expect(collect((t, s) => decoder.decode(t, s, controller.signal, pause), tokens, sampling)).rejects.toThrow(
    'Stopped.',
  );
  expect(rows).toBe(2);
});

it('refuses what it cannot serve, with the number', async () => {
  const wide: Config = { ...config, n_embd: 18 };
  await expect(SimdDecoder.create(wide, randomWeights(wide, 1), 1)).rejects.toThrow(
    'A width of 18 is no multiple of 4.',
  );
  await expect(SimdDecoder.create(config, weights, 1e7)).rejects.toThrow(/^\d+ bytes are needed/);
  const decoder = await SimdDecoder.create(config, weights, 2);
  const tokens = unknownWhere(() => true);
  await expect(collect((t, s) => decoder.decode(t, s, signal, breathe), tokens, sampling)).rejects.toThrow(
    '3 pictures are wanted, but this decoder has room for 2.',
  );
});
