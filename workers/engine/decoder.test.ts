/** The recorded decoder against the reference: the same seed must give the same picture and the same likelihoods. */
import { beforeAll, describe, expect } from 'vitest';
import { type Config, presetConfig } from '../igpt/config.ts';
import {
  begun,
  begunCases,
  begunWeights,
  cases,
  collect,
  config,
  drawing,
  expectAsReference,
  expected,
  expectLikelihoods,
  sampling,
  unknownWhere,
  weights,
} from '../igpt/decoder-cases.ts';
import { particleCount } from '../igpt/look-ahead.ts';
import { randomWeights, useWasm } from '../igpt/testing.ts';
import { blankState } from '../igpt/trainer.ts';
import { EngineDecoder } from './decoder.ts';
import { HalfParameters } from './half-parameters.ts';
import { gpuTest, without } from './kernels/testing.ts';
import { Parameters } from './parameters.ts';
import { GPU_TUNING, SOFTWARE_TUNING } from './tuning.ts';

beforeAll(useWasm);

describe.each([
  ['a GPU', GPU_TUNING.decoding, true],
  ['a GPU without subgroups', GPU_TUNING.decoding, false],
  ['a software adapter', SOFTWARE_TUNING.decoding, true],
])('the recorded decoder, tuned for %s', (_, tuning, subgroups) => {
  for (const [name, tokens, settings] of cases) {
    gpuTest(`draws what the reference draws: ${name}`, async (real) => {
      const device = subgroups ? real : without(real, 'subgroups');
      const wanted = { ...sampling, ...settings };
      const parameters = new Parameters(device, config, weights);
      const decoder = await EngineDecoder.create(device, parameters, particleCount(wanted), tuning);
      await expectAsReference(decoder, config, weights, tokens, wanted);
      decoder.dispose();
      parameters.dispose();
    });
  }

  for (const [name, tokens, settings] of begunCases) {
    gpuTest(`draws what the reference draws, begun with ${name}`, async (real) => {
      const device = subgroups ? real : without(real, 'subgroups');
      const wanted = { ...sampling, ...settings };
      const parameters = new Parameters(device, begun, begunWeights);
      const decoder = await EngineDecoder.create(device, parameters, particleCount(wanted), tuning);
      await expectAsReference(decoder, begun, begunWeights, tokens, wanted);
      decoder.dispose();
      parameters.dispose();
    });
  }
});

gpuTest('draws what the reference draws with heads of 128 channels', async (device) => {
  const wide: Config = { ...config, n_layer: 1, n_embd: 128, n_head: 1 };
  const wideWeights = randomWeights(wide, 4);
  const wanted = { ...sampling, variants: 2 };
  const half = unknownWhere((i) => i >= 43);
  const parameters = new Parameters(device, wide, wideWeights);
  const decoder = await EngineDecoder.create(device, parameters, 2, GPU_TUNING.decoding);
  await expectAsReference(decoder, wide, wideWeights, half, wanted);
  decoder.dispose();
  parameters.dispose();
});

gpuTest(
  'in f16, tells the likelihoods of the reference within a hundredth, and draws the same picture twice',
  async (device) => {
    if (!device.features.has('shader-f16')) return;
    const wanted = { ...sampling, variants: 2 };
    const whole = new Parameters(device, config, weights);
    const half = await HalfParameters.of(device, whole);
    whole.dispose();
    for (const lanes of [1, 32]) {
      const decoder = await EngineDecoder.create(device, half, 2, { rows: 2, parts: 4, lanes, colourLanes: 1 });
      // Everything is known, so that rounding cannot lead to another picture.
      const found = await collect(decoder, drawing, wanted);
      expectLikelihoods(found, await expected(config, weights, drawing, wanted), 1e-2);
      const blank = unknownWhere(() => true);
      expect(await collect(decoder, blank, wanted)).toEqual(await collect(decoder, blank, wanted));
      decoder.dispose();
    }
    half.dispose();
  },
);

gpuTest('completes 16 pictures by preset small in f16 within 250 MB, parameters included', async (device) => {
  if (!device.features.has('shader-f16')) return;
  const small = presetConfig('small', 32);
  const whole = new Parameters(device, small, blankState(small).weights);
  const half = await HalfParameters.of(device, whole);
  const decoder = await EngineDecoder.create(device, half, 16, GPU_TUNING.decoding);
  const megabytes = (decoder.bytes + whole.all.bytes / 2) / 1e6;
  console.log(`Decoding small with 16 variants in f16 takes ${megabytes.toFixed(0)} MB.`);
  expect(megabytes).toBeLessThan(250);
  decoder.dispose();
  half.dispose();
  whole.dispose();
});
