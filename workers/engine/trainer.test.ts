/** The recorded trainer against the reference, over a whole trajectory: 30 steps in which everything that can move moves. */
import { beforeAll, describe, expect } from 'vitest';
import { clipping, expectSame, labelledSteps, labelledTask } from '../igpt/class-cases.ts';
import { type Config, presetConfig, type Weights } from '../igpt/config.ts';
import { expectLive as expectLiveDecoder } from '../igpt/decoder-cases.ts';
import { expectLive } from '../igpt/features-cases.ts';
import { taskOf } from '../igpt/objectives.ts';
import { ADAMW, learningRate } from '../igpt/optimizer.ts';
import { ReferenceTrainer } from '../igpt/reference-trainer.ts';
import { expectAsReference as expectBegunAsReference } from '../igpt/start-cases.ts';
import { randomWeights, useWasm } from '../igpt/testing.ts';
import { freshState, type TrainerState } from '../igpt/trainer.ts';
import { gpuTest } from './kernels/testing.ts';
import { EngineTrainer } from './trainer.ts';
import {
  adam,
  BATCH,
  config,
  ON_GPU,
  ON_SOFTWARE,
  STEPS,
  schedule,
  start,
  tokensAt,
  trajectory,
} from './training-cases.ts';
import { GPU_TUNING } from './tuning.ts';

beforeAll(useWasm);

/**
 * The largest difference over the largest value, for each parameter. The keys' biases have no slope (the softmax does not
 * see a shift of all its inputs), so that Adam magnifies nothing but rounding there: they are left out.
 */
function worst(found: Weights, expected: Weights): [string, number][] {
  return [...expected].map(([name, values]) => {
    const third = name.endsWith('c_attn.bias') ? values.length / 3 : 0;
    const counts = (i: number) => i < third || i >= 2 * third;
    const size = values.reduce((most, x, i) => (counts(i) ? Math.max(most, Math.abs(x)) : most), 0);
    const off = values.map((x, i) => (counts(i) ? Math.abs(x - found.get(name)![i]) : 0));
    return [name, off.reduce((most, x) => Math.max(most, x), 0) / size];
  });
}

describe.each([
  ['a GPU', ON_GPU],
  ['a software adapter', ON_SOFTWARE],
])('the recorded trainer, tuned for %s', (_, tuning) => {
  for (const objective of ['autoregressive', 'bert'] as const) {
    for (const recompute of [false, true]) {
      const name = `${objective}${recompute ? ', forward passes repeated' : ''}`;
      gpuTest(`follows the reference for ${STEPS} steps: ${name}`, async (device) => {
        const reference = new ReferenceTrainer(config, BATCH, adam, start());
        const options = { tuning, causal: objective === 'autoregressive', recompute };
        const engine = await EngineTrainer.create(device, config, BATCH, adam, start(), options);
        const expected = await trajectory(reference, objective);
        const found = await trajectory(engine, objective);
        const norms = expected.map((m) => m.gradientNorm);
        expect(Math.max(...norms), 'some steps are clipped').toBeGreaterThan(adam.clip);
        expected.forEach((e, s) => {
          expect(Math.abs(found[s].loss - e.loss) / e.loss, `loss of step ${s}`).toBeLessThan(1e-4);
          expect(Math.abs(found[s].gradientNorm / e.gradientNorm - 1), `norm of step ${s}`).toBeLessThan(1e-3);
        });
        const [a, b] = [await engine.state(), await reference.state()];
        expect([...a.weights.keys()]).toEqual([...b.weights.keys()]);
        for (const key of ['weights', 'mean', 'square'] as const) {
          for (const [parameter, off] of worst(a[key], b[key])) expect(off, `${key} ${parameter}`).toBeLessThan(1e-3);
        }
        const task = taskOf(objective, tokensAt(99), config, 4, 99);
        const loss = (await reference.measure(task)).loss;
        expect(Math.abs((await engine.measure(task)).loss - loss) / loss).toBeLessThan(1e-4);
        engine.dispose();
        reference.dispose();
      });
    }
  }

  gpuTest('takes the very same steps twice, and from a saved state', async (device) => {
    const run = async (stopAt: number) => {
      let trainer = await EngineTrainer.create(device, config, BATCH, adam, start(), { tuning });
      const metrics = await trajectory(trainer, 'autoregressive', stopAt);
      const state = await trainer.state();
      trainer.dispose();
      trainer = await EngineTrainer.create(device, config, BATCH, adam, state, { tuning });
      metrics.push(...(await trajectory(trainer, 'autoregressive', 10 - stopAt, stopAt)));
      const end = await trainer.state();
      trainer.dispose();
      return { metrics, end };
    };
    expect(await run(10)).toEqual(await run(10));
    expect(await run(4)).toEqual(await run(10));
  });
});

gpuTest('begins steps without waiting for the ones before', async (device) => {
  const make = () => EngineTrainer.create(device, config, BATCH, adam, start(), { tuning: ON_SOFTWARE });
  const [one, other] = [await make(), await make()];
  const expected = await trajectory(one, 'autoregressive', 6);
  const under = Array.from({ length: 6 }, (_, s) =>
    other.step(taskOf('autoregressive', tokensAt(s), config, 4, s), learningRate(schedule, s)),
  );
  expect(await Promise.all(under)).toEqual(expected);
  one.dispose();
  other.dispose();
});

for (const objective of ['autoregressive', 'bert'] as const) {
  gpuTest(`shows what its layers make of pictures, unmoved: ${objective}`, (device) =>
    expectLive(
      (config, batch, state, objective) =>
        EngineTrainer.create(device, config, batch, adam, state, {
          tuning: ON_SOFTWARE,
          causal: objective === 'autoregressive',
        }),
      objective,
    ),
  );
}

gpuTest('draws by its weights as they are', (device) =>
  expectLiveDecoder(
    (config, batch, state) => EngineTrainer.create(device, config, batch, adam, state, { tuning: ON_SOFTWARE }),
    config,
    BATCH,
  ),
);

gpuTest('learns from a batch in parts as from the whole', async (device) => {
  const make = (batch: number, parts: boolean) =>
    EngineTrainer.create(device, config, batch, adam, start(), { tuning: ON_SOFTWARE, causal: false, parts });
  const [whole, inParts] = [await make(BATCH, false), await make(1, true)];
  const expected = await trajectory(whole, 'bert', 6);
  const metrics = await trajectory(inParts, 'bert', 6);
  metrics.forEach(({ loss, gradientNorm }, s) => {
    expect(loss).toBeCloseTo(expected[s].loss, 5);
    expect(gradientNorm).toBeCloseTo(expected[s].gradientNorm, 4);
  });
  const task = taskOf('bert', tokensAt(0), config, 4, 0);
  expect((await inParts.measure(task)).loss).toBeCloseTo((await whole.measure(task)).loss, 5);
  whole.dispose();
  inParts.dispose();
});

const taught: Config = { ...config, n_classes: 7 };

for (const [objective, generative] of [
  ['autoregressive', 1],
  ['bert', 1],
  ['autoregressive', 0],
] as const) {
  gpuTest(`follows the reference on classes: ${objective}, pixels counting ${generative}`, async (device) => {
    const adam = { ...ADAMW, ...clipping };
    const begin = () => freshState(randomWeights(taught, 3));
    const reference = new ReferenceTrainer(taught, BATCH, adam, begin(), generative);
    const expected = await labelledSteps(reference, taught, BATCH, objective);
    const options = { tuning: ON_SOFTWARE, causal: objective === 'autoregressive', parts: true, generative };
    for (const batch of [BATCH, 1]) {
      const engine = await EngineTrainer.create(device, taught, batch, adam, begin(), options);
      expectSame(await labelledSteps(engine, taught, BATCH, objective), expected);
      engine.dispose();
    }
    reference.dispose();
  });
}

gpuTest('follows the reference on pictures that begin with their class', (device) =>
  expectBegunAsReference(
    (...args) => EngineTrainer.create(device, ...args, { tuning: ON_SOFTWARE, parts: true }),
    config,
  ),
);

gpuTest('goes on with classes from a saved state to the bit', async (device) => {
  const make = (state: TrainerState) =>
    EngineTrainer.create(device, taught, BATCH, adam, state, { tuning: ON_SOFTWARE });
  const steps = async (trainer: EngineTrainer, from: number, to: number) => {
    for (let s = from; s < to; s++) await trainer.step(labelledTask(taught, BATCH, 'autoregressive', s), 1e-2);
    const state = await trainer.state();
    trainer.dispose();
    return state;
  };
  const begin = freshState(randomWeights(taught, 3));
  const half = await steps(await make(begin), 0, 3);
  expect(await steps(await make(half), 3, 6)).toEqual(await steps(await make(begin), 0, 6));
});

gpuTest('refuses sizes that no kernel serves, with the number', async (device) => {
  const make = (change: Partial<Config>, batch = BATCH) => {
    const changed = { ...config, ...change };
    return EngineTrainer.create(device, changed, batch, adam, freshState(randomWeights(changed, 1)), {
      tuning: ON_GPU,
    });
  };
  await expect(make({ n_embd: 18 })).rejects.toThrow('Heads of 6 channels');
  await expect(make({ n_colours: 18 })).rejects.toThrow('A palette of 18 colours');
  await expect(make({}, 0)).rejects.toThrow('A batch of 0 pictures');
  const trainer = await make({});
  const task = taskOf('autoregressive', tokensAt(0).subarray(25), config, 0, 0);
  await expect(trainer.step(task, 1e-3)).rejects.toThrow('The task has 50 positions, but this trainer takes 75.');
  trainer.dispose();
});

gpuTest('trains preset small with 8 pictures within 1.5 GB, and grows in a straight line', async (device) => {
  const small = presetConfig('small', 32);
  const megabytes = async (change: Partial<Config>, batch: number, recompute = false) => {
    const options = { tuning: GPU_TUNING.training, recompute };
    return (await EngineTrainer.bytesFor(device, { ...small, ...change }, batch, options)) / 1e6;
  };
  const [whole, again] = [await megabytes({}, 8), await megabytes({}, 8, true)];
  console.log(`A step of small with 8 pictures takes ${whole.toFixed(0)} MB, ${again.toFixed(0)} by recomputing.`);
  expect(whole).toBeLessThan(1500);
  expect(again).toBeLessThan(whole / 2);
  const byLayers = [await megabytes({ n_layer: 4 }, 8), await megabytes({ n_layer: 8 }, 8), whole];
  expect((byLayers[0] + byLayers[2]) / 2 / byLayers[1]).toBeCloseTo(1, 2);
  const byBatch = [await megabytes({}, 4), await megabytes({}, 6), whole];
  expect((byBatch[0] + byBatch[2]) / 2 / byBatch[1]).toBeCloseTo(1, 2);
});
