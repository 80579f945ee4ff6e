/** What the tests of all ways to a score share: golden results, sizes that nothing divides, and wrong batches. */
import { expect } from 'vitest';
import type { Config, Weights } from './config.ts';
import { tokensOf } from './features-cases.ts';
import { readGolden } from './golden.ts';
import { nll } from './likelihood.ts';
import { ImageGPT } from './reference.ts';
import type { Scorer } from './scorer.ts';
import { randomWeights } from './testing.ts';

export type Make = (config: Config, weights: Weights, batch: number) => Promise<Scorer>;

/** Heads of 12 channels, 49 positions, 20 colours, all biases. */
const odd: Config = { n_layer: 3, n_embd: 36, n_head: 3, n_positions: 49, n_colours: 20, layer_norm_epsilon: 1e-5 };
const oddWeights = randomWeights(odd, 4);

function expectClose(found: Float32Array, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  found.forEach((x, i) => {
    expect(Math.abs(x - expected[i])).toBeLessThan(1e-4);
  });
}

export async function expectGolden(make: Make, folder: string): Promise<void> {
  const { golden, config, weights } = readGolden(folder);
  const scorer = await make(config, weights, golden.tokens.length);
  const found = await scorer.of(Int16Array.from(golden.tokens.flat()));
  expectClose(found, golden.nll.flat());
  golden.nats_per_pixel.forEach((nats, b) => {
    const picture = found.subarray(b * scorer.pixels, (b + 1) * scorer.pixels);
    expect(Math.abs(picture.reduce((sum, x) => sum + x, 0) / scorer.pixels - nats)).toBeLessThan(1e-4);
  });
  if (golden.starts) {
    expectClose(await scorer.of(Int16Array.from(golden.tokens.flat()), golden.starts), golden.nll_by_class!.flat());
  }
  scorer.dispose();
}

/** Whole batches and smaller ones, one after the other. */
export async function expectAsReference(make: Make): Promise<void> {
  const gpt = new ImageGPT(odd, oddWeights);
  const scorer = await make(odd, oddWeights, 3);
  expect([scorer.batch, scorer.pixels]).toEqual([3, 49]);
  for (const pictures of [3, 1, 2]) {
    const tokens = tokensOf(odd, pictures, pictures);
    expectClose(await scorer.of(tokens), await nll(gpt, tokens));
  }
  scorer.dispose();
  gpt.dispose();
}

export async function expectRefusals(make: Make): Promise<void> {
  const scorer = await make(odd, oddWeights, 2);
  await expect(scorer.of(new Int16Array(48))).rejects.toThrow(
    new RangeError('48 pixels are not 1 to 2 pictures of 49.'),
  );
  await expect(scorer.of(new Int16Array(147))).rejects.toThrow('147 pixels are not 1 to 2 pictures of 49.');
  await expect(scorer.of(new Int16Array(49).fill(20))).rejects.toThrow('Colour 20 is not one of 20.');
  await expect(scorer.of(new Int16Array(49).fill(-1))).rejects.toThrow('Colour -1 is not one of 20.');
  await expect(scorer.of(new Int16Array(49), [0])).rejects.toThrow('This model begins no picture with a class.');
  scorer.dispose();
}
