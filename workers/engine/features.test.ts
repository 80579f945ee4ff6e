/** The recorded features against golden results and the reference, and their speed against training's forward pass. */
import { beforeAll, describe, expect } from 'vitest';
import type { Config } from '../igpt/config.ts';
import { expectAsReference, expectGolden, expectRefusals, type Make, tokensOf } from '../igpt/features-cases.ts';
import { goldenFolders } from '../igpt/golden.ts';
import { randomWeights, useWasm } from '../igpt/testing.ts';
import { EngineFeatures } from './features.ts';
import type { TrainingTuning } from './forward-plan.ts';
import type { Tile } from './kernels/matmul.ts';
import { gpuTest, result } from './kernels/testing.ts';
import { Parameters } from './parameters.ts';
import { PlanBuilder } from './plan.ts';
import { timePlan } from './timing.ts';
import { recordLoss, type StepBuffers } from './training-plan.ts';
import { GPU_TUNING, SOFTWARE_TUNING } from './tuning.ts';

beforeAll(useWasm);

const config: Config = { n_layer: 2, n_embd: 16, n_head: 2, n_positions: 64, n_colours: 12, layer_norm_epsilon: 1e-5 };

const BATCH = 8;

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
  (config, weights, batch, objective) =>
    EngineFeatures.create(device, new Parameters(device, config, weights), batch, objective, tuning);

for (const [name, folder] of goldenFolders) {
  gpuTest(`gives the golden features within 1e-4: ${name}`, (device) => expectGolden(makeOn(device, ON_GPU), folder));
}

describe.each([
  ['a GPU', ON_GPU],
  ['a software adapter', ON_SOFTWARE],
])('tuned for %s', (_, tuning) => {
  for (const objective of ['autoregressive', 'bert'] as const) {
    gpuTest(`agrees with the reference on odd sizes: ${objective}`, (device) =>
      expectAsReference(makeOn(device, tuning), objective),
    );
  }
});

gpuTest('refuses sizes that no kernel serves and batches that are none, with the number', async (device) => {
  const make = makeOn(device, ON_SOFTWARE);
  await expectRefusals(make);
  const create = (change: Partial<Config>, batch = 1) => {
    const changed = { ...config, ...change };
    return make(changed, randomWeights(changed, 1), batch, 'bert');
  };
  await expect(create({ n_embd: 18 })).rejects.toThrow(new RangeError('Heads of 9 channels are no multiple of 4.'));
  await expect(create({}, 0)).rejects.toThrow(new RangeError('A batch of 0 pictures is no batch.'));
});

gpuTest('reads the parameters as they are when it is asked, as a trainer changes them', async (device) => {
  const parameters = new Parameters(device, config, randomWeights(config, 1));
  const features = await EngineFeatures.create(device, parameters, BATCH, 'autoregressive', ON_SOFTWARE);
  const tokens = tokensOf(config, 2, 1);
  const before = await features.of(tokens);
  const { own, bytes } = parameters.weight('transformer.h.1.ln_1');
  device.queue.writeBuffer(own!.buffer, own!.offset, new Float32Array(bytes / 4));
  const after = await features.of(tokens);
  const layer = 2 * config.n_embd;
  expect(after.subarray(0, layer)).toEqual(before.subarray(0, layer));
  expect(after.subarray(layer, 2 * layer)).toEqual(new Float32Array(layer));
});

gpuTest('takes no longer than twice the forward pass of training', async (device) => {
  const parameters = new Parameters(device, config, randomWeights(config, 1));
  const { plan } = await EngineFeatures.create(device, parameters, BATCH, 'autoregressive', ON_SOFTWARE);
  const rows = result(device, BATCH * config.n_positions);
  const step: StepBuffers = {
    inputs: rows,
    targets: rows,
    weights: rows,
    labels: rows,
    labelWeights: rows,
    order: rows,
    starts: rows,
    settings: rows,
    metrics: result(device, 3),
    scaling: rows,
  };
  const forward = new PlanBuilder(device);
  const setup = { config, batch: BATCH, causal: true, parameters, tuning: ON_SOFTWARE, step, generative: 1 };
  recordLoss({ plan: forward, ...setup });
  const training = await timePlan(device, await forward.build(), 10);
  const features = await timePlan(device, plan, 10);
  const speed = training / features;
  console.log(`Features run at ${(100 * speed).toFixed(0)} % of the speed of training's forward pass.`);
  expect(speed).toBeGreaterThan(0.5);
});
