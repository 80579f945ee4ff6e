/** Scores on SIMD kernels against golden results and the reference. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../igpt/config.ts';
import { tokensOf } from '../igpt/features-cases.ts';
import { goldenFolders } from '../igpt/golden.ts';
import { initialWeights } from '../igpt/init.ts';
import { expectAsReference, expectGolden, expectRefusals, type Make } from '../igpt/scorer-cases.ts';
import { useWasm } from '../igpt/testing.ts';
import { SimdScorer } from './scorer.ts';
import { BUILDS, useBuild } from './testing.ts';

beforeAll(useWasm);

const make: Make = (...args) => SimdScorer.create(...args);

describe.each(BUILDS)('the %s build', (build) => {
  beforeAll(() => useBuild(build), 60_000);

  it.each(goldenFolders)('gives the golden nats within 1e-4: %s', (_, folder) => expectGolden(make, folder));

  it('agrees with the reference on odd sizes', () => expectAsReference(make));
});

it('refuses what it cannot serve, with the number', async () => {
  await useBuild('plain');
  await expectRefusals(make);
  const config: Config = { n_layer: 1, n_embd: 16, n_head: 2, n_positions: 9, n_colours: 12, layer_norm_epsilon: 1e-5 };
  const create = (change: Partial<Config>, batch = 1) => {
    const changed = { ...config, ...change };
    return make(changed, initialWeights(changed, 1), batch);
  };
  await expect(create({ n_embd: 18 })).rejects.toThrow(new RangeError('A width of 18 is no multiple of 4.'));
  await expect(create({}, 0)).rejects.toThrow(new RangeError('A batch of 0 pictures cannot be.'));
});

it('finds every colour of a fresh model equally likely, whatever the picture', async () => {
  await useBuild('plain');
  const config: Config = { n_layer: 1, n_embd: 16, n_head: 2, n_positions: 9, n_colours: 12, layer_norm_epsilon: 1e-5 };
  const scorer = await make(config, initialWeights(config, 1), 3);
  for (const nats of await scorer.of(tokensOf(config, 3, 1))) expect(nats).toBeCloseTo(Math.log(12), 6);
});
