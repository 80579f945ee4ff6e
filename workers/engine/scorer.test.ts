/** The recorded scores against golden results and the reference. */
import { beforeAll, describe, expect } from 'vitest';
import type { Config } from '../igpt/config.ts';
import { tokensOf } from '../igpt/features-cases.ts';
import { goldenFolders } from '../igpt/golden.ts';
import { expectAsReference, expectGolden, expectRefusals, type Make } from '../igpt/scorer-cases.ts';
import { randomWeights, useWasm } from '../igpt/testing.ts';
import type { TrainingTuning } from './forward-plan.ts';
import type { Tile } from './kernels/matmul.ts';
import { gpuTest } from './kernels/testing.ts';
import { Parameters } from './parameters.ts';
import { EngineScorer } from './scorer.ts';
import { GPU_TUNING, SOFTWARE_TUNING } from './tuning.ts';

beforeAll(useWasm);

const config: Config = { n_layer: 2, n_embd: 16, n_head: 2, n_positions: 64, n_colours: 12, layer_norm_epsilon: 1e-5 };

/** The real tunings with small tiles, which every driver compiles quickly. */
const withTile = (tuning: TrainingTuning, tile: Tile): TrainingTuning => ({
  ...tuning,
  attention: { ...tuning.attention, quads: 4 },
  tiles: { nn: tile, nt: tile, tn: tile },
});
const ON_GPU = withTile(GPU_TUNING.training, { wx: 4, wy: 4, tm: 4, tn: 1, bk: 4 });
const ON_SOFTWARE = withTile(SOFTWARE_TUNING.training, { wx: 4, wy: 4, tm: 4, tn: 1, bk: 0 });

const makeOn =
  (device: GPUDevice, tuning: TrainingTuning): Make =>
  (config, weights, batch) =>
    EngineScorer.create(device, new Parameters(device, config, weights), batch, tuning);

for (const [name, folder] of goldenFolders) {
  gpuTest(`gives the golden nats within 1e-4: ${name}`, (device) => expectGolden(makeOn(device, ON_GPU), folder));
}

describe.each([
  ['a GPU', ON_GPU],
  ['a software adapter', ON_SOFTWARE],
])('tuned for %s', (_, tuning) => {
  gpuTest('agrees with the reference on odd sizes', (device) => expectAsReference(makeOn(device, tuning)));
});

gpuTest('refuses sizes that no kernel serves and batches that are none, with the number', async (device) => {
  const make = makeOn(device, ON_SOFTWARE);
  await expectRefusals(make);
  const create = (change: Partial<Config>, batch = 1) => {
    const changed = { ...config, ...change };
    return make(changed, randomWeights(changed, 1), batch);
  };
  await expect(create({ n_embd: 18 })).rejects.toThrow(new RangeError('Heads of 9 channels are no multiple of 4.'));
  await expect(create({}, 0)).rejects.toThrow(new RangeError('A batch of 0 pictures is no batch.'));
});

gpuTest('reads the parameters as they are when it is asked, as a trainer changes them', async (device) => {
  const parameters = new Parameters(device, config, randomWeights(config, 1));
  const scorer = await EngineScorer.create(device, parameters, 2, ON_SOFTWARE);
  const tokens = tokensOf(config, 2, 1);
  const before = await scorer.of(tokens);
  const { own, bytes } = parameters.weight('lm_head');
  device.queue.writeBuffer(own!.buffer, own!.offset, new Float32Array(bytes / 4));
  for (const nats of await scorer.of(tokens)) expect(nats).toBeCloseTo(Math.log(12), 5);
  expect(Math.max(...before)).toBeGreaterThan(3);
});
