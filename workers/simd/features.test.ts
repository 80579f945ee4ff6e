/** Features on SIMD kernels against golden results and the reference, and their speed against training's forward pass. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Config, presetConfig } from '../igpt/config.ts';
import { expectAsReference, expectGolden, expectRefusals, type Make, tokensOf } from '../igpt/features-cases.ts';
import { goldenFolders } from '../igpt/golden.ts';
import { initialWeights } from '../igpt/init.ts';
import { autoregressive } from '../igpt/objectives.ts';
import { ADAMW } from '../igpt/optimizer.ts';
import { useWasm } from '../igpt/testing.ts';
import { freshState } from '../igpt/trainer.ts';
import { SimdFeatures } from './features.ts';
import { BUILDS, useBuild } from './testing.ts';
import { SimdTrainer } from './trainer.ts';

beforeAll(useWasm);

const make: Make = (...args) => SimdFeatures.create(...args);

describe.each(BUILDS)('the %s build', (build) => {
  beforeAll(() => useBuild(build), 60_000);

  it.each(goldenFolders)('gives the golden features within 1e-4: %s', (_, folder) => expectGolden(make, folder));

  it.each(['autoregressive', 'bert'] as const)('agrees with the reference on odd sizes: %s', (objective) =>
    expectAsReference(make, objective),
  );
});

it('refuses what it cannot serve, with the number', async () => {
  await useBuild('plain');
  await expectRefusals(make);
  const config: Config = { n_layer: 1, n_embd: 16, n_head: 2, n_positions: 9, n_colours: 12, layer_norm_epsilon: 1e-5 };
  const create = (change: Partial<Config>, batch = 1) => {
    const changed = { ...config, ...change };
    return make(changed, initialWeights(changed, 1), batch, 'bert');
  };
  await expect(create({ n_embd: 18 })).rejects.toThrow(new RangeError('A width of 18 is no multiple of 4.'));
  await expect(create({}, 0)).rejects.toThrow(new RangeError('A batch of 0 pictures cannot be.'));
  await expect(create({}, 1e7)).rejects.toThrow(/^\d+ bytes are needed, but WebAssembly reaches only 4294967296\.$/);
});

it('takes no longer than twice the forward pass of training', async () => {
  await useBuild('plain');
  const config = presetConfig('nano', 16);
  const state = freshState(initialWeights(config, 1));
  const trainer = await SimdTrainer.create(config, 4, ADAMW, state);
  const features = await make(config, state.weights, 4, 'autoregressive');
  const tokens = tokensOf(config, 4, 1);
  const task = autoregressive(tokens, config);
  const best = { training: Number.POSITIVE_INFINITY, features: Number.POSITIVE_INFINITY };
  for (let i = 0; i < 10; i++) {
    const started = performance.now();
    await trainer.measure(task);
    const between = performance.now();
    await features.of(tokens);
    best.training = Math.min(best.training, between - started);
    best.features = Math.min(best.features, performance.now() - between);
  }
  const speed = best.training / best.features;
  console.log(`Features run at ${(100 * speed).toFixed(0)} % of the speed of training's forward pass.`);
  expect(speed).toBeGreaterThan(0.5);
});
