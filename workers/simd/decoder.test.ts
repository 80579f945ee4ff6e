/** The decoder on SIMD kernels against the reference: the same seed must give the same picture and the same likelihoods. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Sampling, UNKNOWN } from '../contract.ts';
import type { Config, Weights } from '../igpt/config.ts';
import {
  begun,
  begunCases,
  begunWeights,
  cases,
  collect,
  config,
  expectAsReference,
  sampling,
  unknownWhere,
  weights,
} from '../igpt/decoder-cases.ts';
import { particleCount } from '../igpt/look-ahead.ts';
import { randomWeights, useWasm } from '../igpt/testing.ts';
import { SimdDecoder } from './decoder.ts';
import { BUILDS, useBuild } from './testing.ts';

beforeAll(useWasm);

async function decodesAsReference(c: Config, w: Weights, tokens: Int16Array, settings: Sampling) {
  await expectAsReference(await SimdDecoder.create(c, w, particleCount(settings)), c, w, tokens, settings);
}

describe.each(BUILDS)('the decoder on the %s build', (build) => {
  beforeAll(() => useBuild(build), 60_000);

  it.each(cases)('draws what the reference draws: %s', async (_, tokens, settings) => {
    await decodesAsReference(config, weights, tokens, { ...sampling, ...settings });
  });

  it.each(begunCases)('draws what the reference draws, begun with %s', async (_, tokens, settings) => {
    await decodesAsReference(begun, begunWeights, tokens, { ...sampling, ...settings });
  });

  it('draws what the reference draws when nothing divides by a tile', async () => {
    const odd: Config = { ...config, n_embd: 20, n_head: 4, n_positions: 49, n_colours: 5 };
    const tokens = Int16Array.from({ length: 49 }, (_, i) => (i % 11 < 5 ? UNKNOWN : i % 5));
    await decodesAsReference(odd, randomWeights(odd, 8), tokens, sampling);
  });

  it('draws the same variants whatever stands beside them', async () => {
    const tokens = unknownWhere((i) => i >= 32);
    const decoder = await SimdDecoder.create(config, weights, 3);
    const many = await collect(decoder, tokens, sampling);
    const one = await collect(decoder, tokens, { ...sampling, variants: 1 });
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
  const stopped: typeof decoder.decode = (t, s) => decoder.decode(t, s, controller.signal, pause);
  await expect(collect({ decode: stopped }, tokens, sampling)).rejects.toThrow('Stopped.');
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
  await expect(collect(decoder, tokens, sampling)).rejects.toThrow(
    '3 pictures are wanted, but this decoder has room for 2.',
  );
});
