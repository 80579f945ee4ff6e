/** Features in plain tfjs ops against golden results, and against means of what attention reads where nothing is causal. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import type { Config } from './config.ts';
import { expectGolden, expectRefusals, type Make, tokensOf } from './features-cases.ts';
import { goldenFolders } from './golden.ts';
import { ImageGPT } from './reference.ts';
import { ReferenceFeatures } from './reference-features.ts';
import { randomWeights, useWasm } from './testing.ts';

beforeAll(useWasm);

const make: Make = async (config, weights, batch, objective) =>
  new ReferenceFeatures(new ImageGPT(config, weights), batch, objective);

it.each(goldenFolders)('gives the golden features within 1e-4: %s', (_, folder) => expectGolden(make, folder));

it('refuses batches that are none', () => expectRefusals(make));

it('shows a BERT model the whole picture at its place, and reads no start symbol', async () => {
  const config: Config = { n_layer: 1, n_embd: 8, n_head: 2, n_positions: 9, n_colours: 12, layer_norm_epsilon: 1e-5 };
  const weights = randomWeights(config, 5);
  const [wte, wpe, gain] = ['wte', 'wpe', 'h.0.ln_1'].map((name) => weights.get(`transformer.${name}.weight`)!);
  const tokens = tokensOf(config, 1, 1);
  const features = await make(config, weights, 1, 'bert');
  const [first] = [(await features.of(tokens)).subarray(0, 8)];
  const expected = new Float64Array(8);
  tokens.forEach((token, t) => {
    const x = Float64Array.from({ length: 8 }, (_, c) => wte[8 * token + c] + wpe[8 * t + c]);
    const scale = 1 / Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / 8 + 1e-5);
    x.forEach((v, c) => {
      expected[c] += (v * scale * gain[c]) / 9;
    });
  });
  first.forEach((f, c) => {
    expect(f).toBeCloseTo(expected[c], 5);
  });
});

it('shows an early position of a BERT model what comes later, and none of an autoregressive one the last pixel', async () => {
  const config: Config = { n_layer: 2, n_embd: 8, n_head: 2, n_positions: 9, n_colours: 12, layer_norm_epsilon: 1e-5 };
  const weights = randomWeights(config, 5);
  const tokens = tokensOf(config, 1, 1);
  const other = tokens.with(8, (tokens[8] + 1) % 12);
  const [ar, bert] = [await make(config, weights, 1, 'autoregressive'), await make(config, weights, 1, 'bert')];
  expect(await ar.of(other)).toEqual(await ar.of(tokens));
  expect(await bert.of(other)).not.toEqual(await bert.of(tokens));
});

it('leaves no tensor behind', async () => {
  const config: Config = { n_layer: 1, n_embd: 8, n_head: 2, n_positions: 9, n_colours: 12, layer_norm_epsilon: 1e-5 };
  const features = await make(config, randomWeights(config, 5), 2, 'autoregressive');
  await features.of(tokensOf(config, 2, 1)); // copies the weights
  const before = tf.memory().numTensors;
  await features.of(tokensOf(config, 2, 1));
  expect(tf.memory().numTensors).toBe(before);
});
