/** Training in f16 against the reference, which computes in f32; and what happens where f16 does not reach far enough. */
import { beforeAll, describe, expect } from 'vitest';
import { labelledTask } from '../igpt/class-cases.ts';
import { type Config, presetConfig } from '../igpt/config.ts';
import { type Objective, taskOf } from '../igpt/objectives.ts';
import { ReferenceTrainer } from '../igpt/reference-trainer.ts';
import { randomWeights, useWasm } from '../igpt/testing.ts';
import { freshState, type TrainerState } from '../igpt/trainer.ts';
import { FRESH_SCALING, PATIENCE } from './kernels/loss-scaling.ts';
import { gpuTest } from './kernels/testing.ts';
import { EngineTrainer, type EngineTrainerOptions } from './trainer.ts';
import { adam, BATCH, config, ON_GPU, ON_SOFTWARE, STEPS, start, tokensAt, trajectory } from './training-cases.ts';
import { GPU_TUNING } from './tuning.ts';

beforeAll(useWasm);

/** Skipped, with the others, where the device has no f16. */
function halfTest(name: string, body: (device: GPUDevice) => Promise<void>): void {
  gpuTest(name, async (device) => {
    if (device.features.has('shader-f16')) await body(device);
    else console.log(`Not done, for this device has no f16: ${name}`);
  });
}

const open = (device: GPUDevice, state: TrainerState, options: Partial<EngineTrainerOptions> = {}, batch = BATCH) =>
  EngineTrainer.create(device, config, batch, adam, state, { tuning: ON_SOFTWARE, half: true, ...options });

const taskAt = (step: number, objective: Objective = 'autoregressive') =>
  taskOf(objective, tokensAt(step), config, 4, step);

describe.each([
  ['a GPU', ON_GPU],
  ['a software adapter', ON_SOFTWARE],
])('f16, tuned for %s', (_, tuning) => {
  for (const objective of ['autoregressive', 'bert'] as const) {
    for (const recompute of [false, true]) {
      const name = `${objective}${recompute ? ', forward passes repeated' : ''}`;
      halfTest(`follows the reference for ${STEPS} steps within a hundredth: ${name}`, async (device) => {
        const reference = new ReferenceTrainer(config, BATCH, adam, start());
        const causal = objective === 'autoregressive';
        const engine = await open(device, start(), { tuning, causal, recompute });
        const expected = await trajectory(reference, objective);
        const found = await trajectory(engine, objective);
        expected.forEach((e, s) => {
          expect(Math.abs(found[s].loss / e.loss - 1), `loss of step ${s}`).toBeLessThan(1e-2);
          expect(Math.abs(found[s].gradientNorm / e.gradientNorm - 1), `norm of step ${s}`).toBeLessThan(5e-2);
          expect(found[s].scaling).toEqual({ scale: FRESH_SCALING.scale, skipped: 0 });
        });
        const mean = (losses: { loss: number }[]) => losses.reduce((sum, { loss }) => sum + loss, 0) / losses.length;
        expect(mean(found.slice(-5))).toBeLessThan(mean(found.slice(0, 5)) - 0.1);
        const judged = (await reference.measure(taskAt(99, objective))).loss;
        expect((await engine.measure(taskAt(99, objective))).loss / judged).toBeCloseTo(1, 2);
        engine.dispose();
        reference.dispose();
      });
    }
  }
});

halfTest('takes the very same steps twice, and from a saved state', async (device) => {
  const run = async (stopAt: number) => {
    let trainer = await open(device, start());
    const metrics = await trajectory(trainer, 'autoregressive', stopAt);
    const state = await trainer.state();
    trainer.dispose();
    trainer = await open(device, state);
    metrics.push(...(await trajectory(trainer, 'autoregressive', 10 - stopAt, stopAt)));
    const end = await trainer.state();
    trainer.dispose();
    return { metrics, end };
  };
  expect(await run(10)).toEqual(await run(10));
  expect(await run(4)).toEqual(await run(10));
});

halfTest('skips steps that overflow, to the bit, until the scale is low enough', async (device) => {
  const begin = start();
  const trainer = await open(device, { ...begin, scaling: { scale: 2 ** 40, good: 7, skipped: 0 } });
  const first = await trainer.step(taskAt(0), 1e-2);
  expect(first.scaling).toEqual({ scale: 2 ** 39, skipped: 1 });
  expect(Number.isFinite(first.gradientNorm)).toBe(false);
  expect(Number.isFinite(first.loss)).toBe(true);
  const { weights, mean, square, scaling } = await trainer.state();
  expect({ weights, mean, square }).toEqual({ weights: begin.weights, mean: begin.mean, square: begin.square });
  expect(scaling).toEqual({ scale: 2 ** 39, good: 0, skipped: 1 });

  let metrics = first;
  while (!Number.isFinite(metrics.gradientNorm)) metrics = await trainer.step(taskAt(0), 1e-2);
  const { scale, skipped } = metrics.scaling!;
  expect(scale).toBe(2 ** (40 - skipped));
  // The first step that is taken is a first step in every way.
  const other = await open(device, { ...start(), scaling: { scale, good: 0, skipped: 0 } });
  const { loss, gradientNorm } = await other.step(taskAt(0), 1e-2);
  expect({ loss, gradientNorm }).toEqual({ loss: metrics.loss, gradientNorm: metrics.gradientNorm });
  const [a, b] = [await trainer.state(), await other.state()];
  expect({ ...a, step: 1, scaling: undefined }).toEqual({ ...b, scaling: undefined });
  trainer.dispose();
  other.dispose();
});

halfTest('doubles the scale after enough good steps', async (device) => {
  const trainer = await open(device, { ...start(), step: 3, scaling: { scale: 256, good: PATIENCE - 2, skipped: 3 } });
  const scales = (await trajectory(trainer, 'autoregressive', 3)).map(({ scaling }) => scaling);
  expect(scales.map((s) => s!.scale)).toEqual([256, 512, 512]);
  expect((await trainer.state()).scaling).toEqual({ scale: 512, good: 1, skipped: 3 });
  trainer.dispose();
});

halfTest('learns from a batch in parts as from the whole, and skips all of it', async (device) => {
  const whole = await open(device, start(), { causal: false });
  const inParts = await open(device, start(), { causal: false, parts: true }, 1);
  const expected = await trajectory(whole, 'bert', 6);
  (await trajectory(inParts, 'bert', 6)).forEach(({ loss, gradientNorm }, s) => {
    expect(loss / expected[s].loss).toBeCloseTo(1, 2);
    expect(gradientNorm / expected[s].gradientNorm).toBeCloseTo(1, 1);
  });
  const much = await open(device, { ...start(), scaling: { scale: 2 ** 40, good: 0, skipped: 0 } }, { parts: true }, 1);
  const { scaling } = await much.step(taskAt(0), 1e-2);
  expect(scaling).toEqual({ scale: 2 ** 39, skipped: 1 });
  expect((await much.state()).weights).toEqual(start().weights);
  for (const trainer of [whole, inParts, much]) trainer.dispose();
});

halfTest('learns classes as the reference does', async (device) => {
  const taught: Config = { ...config, n_classes: 7 };
  const begin = () => freshState(randomWeights(taught, 3));
  const options = { tuning: ON_SOFTWARE, half: true };
  const engine = await EngineTrainer.create(device, taught, BATCH, adam, begin(), options);
  const reference = new ReferenceTrainer(taught, BATCH, adam, begin());
  for (let s = 0; s < 6; s++) {
    const task = labelledTask(taught, BATCH, 'autoregressive', s);
    const [found, expected] = [await engine.step(task, 1e-2), await reference.step(task, 1e-2)];
    expect(found.loss / expected.loss).toBeCloseTo(1, 2);
    expect(found.classes!.loss / expected.classes!.loss).toBeCloseTo(1, 1);
    expect(found.gradientNorm / expected.gradientNorm).toBeCloseTo(1, 1);
  }
  engine.dispose();
  reference.dispose();
});

halfTest('refuses what cannot be done in f16 before anything runs', async (device) => {
  const without = { limits: device.limits, features: new Set<string>() };
  const options = { tuning: ON_GPU, half: true };
  await expect(EngineTrainer.bytesFor(without, config, BATCH, options)).rejects.toThrow(
    new RangeError('This device does not compute in f16.'),
  );
  const make = (change: Partial<Config>) => EngineTrainer.bytesFor(device, { ...config, ...change }, BATCH, options);
  await expect(make({ n_embd: 18 })).rejects.toThrow('Heads of 6 channels');
  await expect(make({ n_colours: 18 })).rejects.toThrow('A palette of 18 colours');
});

halfTest('takes little more than half the memory: preset small with 8 pictures', async (device) => {
  const small = presetConfig('small', 32);
  const megabytes = async (half: boolean, recompute: boolean) => {
    const options = { tuning: GPU_TUNING.training, half, recompute };
    return (await EngineTrainer.bytesFor(device, small, 8, options)) / 1e6;
  };
  const [whole, half] = [await megabytes(false, false), await megabytes(true, false)];
  const [wholeAgain, halfAgain] = [await megabytes(false, true), await megabytes(true, true)];
  const figures = [whole, half, wholeAgain, halfAgain].map((mb) => mb.toFixed(0));
  console.log(
    `A step of small with 8 pictures takes ${figures[0]} MB in f32 and ${figures[1]} in f16; by recomputing ${figures[2]} and ${figures[3]}.`,
  );
  expect(half).toBeLessThan(0.6 * whole);
  expect(halfAgain).toBeLessThan(0.8 * wholeAgain);
});
