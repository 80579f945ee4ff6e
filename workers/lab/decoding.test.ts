/** Which decoder completes on WebAssembly: the SIMD kernels where they can, the reference where they cannot. */
import { beforeAll, expect, it, vi } from 'vitest';
import { simdKernels } from '../../tools/simd-kernels.ts';
import { fallingBack } from '../compute/falling-back.ts';
import { type Sampling, UNKNOWN } from '../contract.ts';
import type { Config } from '../igpt/config.ts';
import { nll } from '../igpt/likelihood.ts';
import { ImageGPT } from '../igpt/reference.ts';
import { referenceCompute } from '../igpt/reference-compute.ts';
import { randomWeights, useWasm } from '../igpt/testing.ts';
import { simdCompute } from '../simd/compute.ts';
import { SimdDecoder } from '../simd/decoder.ts';
import { setKernels } from '../simd/kernels.ts';
import { Decoding } from './decoding.ts';

const config: Config = { n_layer: 2, n_embd: 16, n_head: 2, n_positions: 16, n_colours: 12, layer_norm_epsilon: 1e-5 };
const sampling: Sampling = { temperature: 1, topK: 0, topP: 1, seed: 7, variants: 2, lookAhead: false };
const REFERENCE = referenceCompute('wasm', '');
const SIMD = fallingBack(simdCompute(), REFERENCE);

beforeAll(async () => {
  await useWasm();
  setKernels(await simdKernels());
}, 60_000);

async function pictureBy(decoding: Decoding): Promise<number[]> {
  const picture: number[] = [];
  const tokens = new Int16Array(16).fill(UNKNOWN);
  for await (const { tokens: row } of decoding.decode(tokens, sampling, new AbortController().signal)) {
    picture.push(...row);
  }
  return picture;
}

const modelOf = (c: Config) => {
  const weights = randomWeights(c, 3);
  return { config: c, weights, gpt: new ImageGPT(c, weights) };
};

it('draws on the kernels what the reference draws, and packs a model once', async () => {
  const create = vi.spyOn(SimdDecoder, 'create');
  const model = modelOf(config);
  const decoding = new Decoding(model, SIMD);
  const expected = await pictureBy(new Decoding(model, REFERENCE));
  expect(create).not.toHaveBeenCalled();
  expect(await pictureBy(decoding)).toEqual(expected);
  expect(await pictureBy(decoding)).toEqual(expected);
  expect(create).toHaveBeenCalledOnce();
  decoding.dispose();
});

it('judges a whole picture as the reference does, with the decoder that is there or a new one', async () => {
  const model = modelOf(config);
  const picture = Int16Array.from({ length: 16 }, (_, i) => (5 * i) % 12);
  const expected = await nll(model.gpt, picture);
  const [fresh, used] = [new Decoding(model, SIMD), new Decoding(model, SIMD)];
  await pictureBy(used);
  for (const decoding of [fresh, used, new Decoding(model, REFERENCE)]) {
    const scored = await decoding.score(picture);
    expect(scored).toHaveLength(16);
    scored.forEach((nats, i) => {
      expect(nats).toBeCloseTo(expected[i], 4);
    });
  }
  await expect(pictureBy(fresh)).resolves.toEqual(await pictureBy(used));
});

it('leaves a width that no kernel serves to the reference', async () => {
  const model = modelOf({ ...config, n_embd: 18 });
  const expected = await pictureBy(new Decoding(model, REFERENCE));
  expect(await pictureBy(new Decoding(model, SIMD))).toEqual(expected);
});
