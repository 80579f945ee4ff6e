/**
 * Passes of whole pictures on WebAssembly: the SIMD kernels make them, and the reference makes those of sizes that no
 * kernel serves.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it, vi } from 'vitest';
import { simdKernels } from '../../tools/simd-kernels.ts';
import type { Config } from '../igpt/config.ts';
import type { Features } from '../igpt/features.ts';
import { tokensOf } from '../igpt/features-cases.ts';
import { referenceCompute } from '../igpt/reference-compute.ts';
import type { Scorer } from '../igpt/scorer.ts';
import { randomWeights } from '../igpt/testing.ts';
import { SimdFeatures } from '../simd/features.ts';
import { SimdScorer } from '../simd/scorer.ts';
import { type Backend, startBackend } from './backend.ts';
import { openFeatures, openScorer } from './passes.ts';

const config: Config = { n_layer: 2, n_embd: 16, n_head: 2, n_positions: 16, n_colours: 12, layer_norm_epsilon: 1e-5 };
const wide = { ...config, n_embd: 18 };
let backend: Backend;

beforeAll(async () => {
  const wasm = new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')).pathname;
  backend = await startBackend({ gpu: undefined, wasm, kernels: await simdKernels() }, 'wasm', () => {});
}, 60_000);

it('makes features on the kernels as the reference makes them, and leaves nothing behind', async () => {
  const weights = randomWeights(config, 3);
  await comparesWithReference(vi.spyOn(SimdFeatures, 'create'), (on) => openFeatures(on, config, weights, 'bert'));
});

it('scores on the kernels as the reference scores, and leaves nothing behind', async () => {
  const weights = randomWeights(config, 3);
  await comparesWithReference(vi.spyOn(SimdScorer, 'create'), (on) => openScorer(on, config, weights));
});

it('leaves a width that no kernel serves to the reference', async () => {
  const tokens = tokensOf(wide, 2, 1);
  const features = await openFeatures(backend, wide, randomWeights(wide, 3), 'autoregressive');
  expect(await features.of(tokens)).toHaveLength(3 * 2 * 18);
  const scorer = await openScorer(backend, wide, randomWeights(wide, 3));
  expect(await scorer.of(tokens)).toHaveLength(2 * 16);
});

/** @param create of the SIMD kernels, which the first pass calls and the reference's does not */
async function comparesWithReference(
  create: { mock: { calls: unknown[] } },
  open: (on: Backend) => Promise<Features | Scorer>,
): Promise<void> {
  const before = tf.memory().numTensors;
  const fast = await open(backend);
  expect(create).toHaveBeenCalledOnce();
  const slow = await open({ ...backend, training: referenceCompute('wasm', '') });
  expect(create).toHaveBeenCalledOnce();
  const tokens = tokensOf(config, 3, 1);
  const [found, expected] = [await fast.of(tokens), await slow.of(tokens)];
  expected.forEach((x, i) => {
    expect(found[i]).toBeCloseTo(x, 4);
  });
  fast.dispose();
  slow.dispose();
  expect(tf.memory().numTensors).toBe(before);
}
