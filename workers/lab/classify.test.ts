import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { simdKernels } from '../../tools/simd-kernels.ts';
import type { Config } from '../igpt/config.ts';
import { tokensOf } from '../igpt/features-cases.ts';
import { autoregressive } from '../igpt/objectives.ts';
import { ImageGPT } from '../igpt/reference.ts';
import { randomWeights } from '../igpt/testing.ts';
import { type Backend, startBackend } from './backend.ts';
import { classify } from './classify.ts';

const config: Config = {
  n_layer: 2,
  n_embd: 16,
  n_head: 2,
  n_positions: 16,
  n_colours: 12,
  layer_norm_epsilon: 1e-5,
  n_classes: 3,
};
let backend: Backend;

beforeAll(async () => {
  const wasm = new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')).pathname;
  backend = await startBackend({ gpu: undefined, wasm, kernels: await simdKernels() }, 'wasm', () => {});
}, 60_000);

it('says of pictures what the model learnt to say, batch after batch', async () => {
  const weights = randomWeights(config, 3);
  const gpt = new ImageGPT(config, weights);
  const tokens = tokensOf(config, 20, 1);
  const inputs = tf.tensor2d(autoregressive(tokens, config).inputs, [20, 16], 'int32');
  const expected = await tf.softmax(gpt.predict(inputs, true).classes!).data();
  const found = await classify(backend, { gpt, weights }, tokens);
  expect(found.length).toBe(20 * 3);
  expected.forEach((p, i) => {
    expect(found[i]).toBeCloseTo(p, 4);
  });
});

it('refuses a model without classes', async () => {
  const plain = { ...config, n_classes: undefined };
  const weights = randomWeights(plain, 3);
  const model = { gpt: new ImageGPT(plain, weights), weights };
  await expect(classify(backend, model, tokensOf(plain, 1, 1))).rejects.toThrow('not taught any classes');
});
