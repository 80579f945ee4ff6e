/** Which way makes features on WebAssembly: the SIMD kernels where they can, the reference where they cannot. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it, vi } from 'vitest';
import { simdKernels } from '../../tools/simd-kernels.ts';
import type { Config } from '../igpt/config.ts';
import { tokensOf } from '../igpt/features-cases.ts';
import { referenceCompute } from '../igpt/reference-compute.ts';
import { randomWeights } from '../igpt/testing.ts';
import { SimdFeatures } from '../simd/features.ts';
import { type Backend, startBackend } from './backend.ts';
import { openFeatures } from './passes.ts';

const config: Config = { n_layer: 2, n_embd: 16, n_head: 2, n_positions: 16, n_colours: 12, layer_norm_epsilon: 1e-5 };
let backend: Backend;

beforeAll(async () => {
  const wasm = new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')).pathname;
  backend = await startBackend({ gpu: undefined, wasm, kernels: await simdKernels() }, 'wasm', () => {});
}, 60_000);

it('makes on the kernels what the reference makes, and leaves nothing behind', async () => {
  const create = vi.spyOn(SimdFeatures, 'create');
  const before = tf.memory().numTensors;
  const weights = randomWeights(config, 3);
  const fast = await openFeatures(backend, config, weights, 'bert');
  expect(create).toHaveBeenCalledOnce();
  const slow = await openFeatures({ ...backend, training: referenceCompute('wasm', '') }, config, weights, 'bert');
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
  const features = await openFeatures(backend, wide, randomWeights(wide, 3), 'autoregressive');
  expect(await features.of(tokensOf(wide, 2, 1))).toHaveLength(3 * 2 * 18);
});
