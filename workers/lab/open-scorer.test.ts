/** Which way scores on WebAssembly: the SIMD kernels where they can, the reference where they cannot. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it, vi } from 'vitest';
import { simdKernels } from '../../tools/simd-kernels.ts';
import type { Config } from '../igpt/config.ts';
import { tokensOf } from '../igpt/features-cases.ts';
import { referenceCompute } from '../igpt/reference-compute.ts';
import { randomWeights } from '../igpt/testing.ts';
import { SimdScorer } from '../simd/scorer.ts';
import { type Backend, startBackend } from './backend.ts';
import { openScorer } from './passes.ts';

const config: Config = { n_layer: 2, n_embd: 16, n_head: 2, n_positions: 16, n_colours: 12, layer_norm_epsilon: 1e-5 };
let backend: Backend;

beforeAll(async () => {
  const wasm = new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')).pathname;
  backend = await startBackend({ gpu: undefined, wasm, kernels: await simdKernels() }, 'wasm', () => {});
}, 60_000);

it('scores on the kernels what the reference scores, and leaves nothing behind', async () => {
  const create = vi.spyOn(SimdScorer, 'create');
  const before = tf.memory().numTensors;
  const weights = randomWeights(config, 3);
  const fast = await openScorer(backend, config, weights);
  expect(create).toHaveBeenCalledOnce();
  const slow = await openScorer({ ...backend, training: referenceCompute('wasm', '') }, config, weights);
  expect(create).toHaveBeenCalledOnce();
  const tokens = tokensOf(config, 3, 1);
  const [found, expected] = [await fast.of(tokens), await slow.of(tokens)];
  expected.forEach((x, i) => {
    expect(found[i]).toBeCloseTo(x, 4);
  });
  fast.dispose();
  slow.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it('leaves a width that no kernel serves to the reference', async () => {
  const wide = { ...config, n_embd: 18 };
  const scorer = await openScorer(backend, wide, randomWeights(wide, 3));
  expect(await scorer.of(tokensOf(wide, 2, 1))).toHaveLength(2 * 16);
});
