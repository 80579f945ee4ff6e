/** The trainer on SIMD kernels against the reference: the same run, loss by loss and parameter by parameter. */
import { beforeAll, describe, expect, it } from 'vitest';
import { clipping, expectSame, labelledSteps, labelledTask } from '../igpt/class-cases.ts';
import type { Config } from '../igpt/config.ts';
import { expectLive as expectLiveDecoder } from '../igpt/decoder-cases.ts';
import { expectLive } from '../igpt/features-cases.ts';
import { initialWeights } from '../igpt/init.ts';
import { type Objective, taskOf } from '../igpt/objectives.ts';
import { ADAMW, type AdamW, learningRate } from '../igpt/optimizer.ts';
import { uniform } from '../igpt/random.ts';
import { ReferenceTrainer } from '../igpt/reference-trainer.ts';
import { expectAsReference as expectBegunAsReference } from '../igpt/start-cases.ts';
import { randomWeights, useWasm } from '../igpt/testing.ts';
import { freshState, type Trainer, type TrainerState } from '../igpt/trainer.ts';
import { BUILDS, useBuild, worst } from './testing.ts';
import { SimdTrainer } from './trainer.ts';

const small: Config = { n_layer: 2, n_embd: 16, n_head: 2, n_positions: 16, n_colours: 12, layer_norm_epsilon: 1e-5 };
/** Nothing that divides by a tile: heads of 5 channels, 49 positions, 21 colours. */
const odd: Config = { n_layer: 3, n_embd: 20, n_head: 4, n_positions: 49, n_colours: 21, layer_norm_epsilon: 1e-5 };
const even: Config = { n_layer: 2, n_embd: 32, n_head: 2, n_positions: 64, n_colours: 32, layer_norm_epsilon: 1e-5 };

const tokensOf = ({ n_positions: T, n_colours: V }: Config, B: number, stream: number) =>
  Int16Array.from({ length: B * T }, (_, i) => Math.floor(uniform(1, stream, i) * V));

beforeAll(useWasm);

const schedule = { kind: 'cosine' as const, peak: 3e-3, warmup: 5, total: 40 };

/** Thirty steps on batches that change, with a rate that moves. */
async function run(trainer: Trainer, config: Config, B: number, objective: Objective) {
  const metrics = [];
  for (let i = 0; i < 30; i++) {
    const task = taskOf(objective, tokensOf(config, B, i % 3), config, 5, i);
    metrics.push(await trainer.step(task, learningRate(schedule, i)));
  }
  return { metrics, state: await trainer.state() };
}

/**
 * The largest difference as a share of the largest value. The keys' biases shift all scores of a query alike, so the loss
 * has no slope in them and AdamW magnifies nothing but rounding there: they are left out.
 */
function difference(name: string, found: Float32Array, wanted: Float32Array): number {
  const third = wanted.length / 3;
  const counts = (_: number, i: number) => !name.endsWith('c_attn.bias') || i < third || i >= 2 * third;
  return worst(found.filter(counts), wanted.filter(counts));
}

const clipped: AdamW = { ...ADAMW, clip: 0.5, weightDecay: 0.1 };

describe.each(BUILDS)('the %s build', (build) => {
  beforeAll(() => useBuild(build), 60_000);

  describe.each<Objective>(['autoregressive', 'bert'])('%s', (objective) => {
    it.each([
      ['small sizes, all biases', small, 3, randomWeights(small, 3)],
      ['odd sizes, all biases', odd, 3, randomWeights(odd, 4)],
      ['even sizes from the start, no biases', even, 4, initialWeights(even, 1)],
    ])('follows the reference for thirty steps: %s', async (_, config, B, weights) => {
      const reference = new ReferenceTrainer(config, B, clipped, freshState(weights));
      const trainer = await SimdTrainer.create(config, B, clipped, freshState(weights));
      const wanted = await run(reference, config, B, objective);
      const found = await run(trainer, config, B, objective);
      wanted.metrics.forEach(({ loss, gradientNorm }, i) => {
        expect(Math.abs(found.metrics[i].loss / loss - 1), `loss of step ${i}`).toBeLessThan(1e-4);
        expect(Math.abs(found.metrics[i].gradientNorm / gradientNorm - 1), `norm of step ${i}`).toBeLessThan(1e-2);
      });
      expect([...found.state.weights.keys()]).toEqual([...wanted.state.weights.keys()]);
      for (const [name, values] of wanted.state.weights) {
        expect(difference(name, found.state.weights.get(name)!, values), name).toBeLessThan(1e-3);
      }
      reference.dispose();
    });
  });

  it('learns from a batch in parts as from the whole', async () => {
    const [whole, inParts] = await Promise.all(
      [4, 2].map((batch) => SimdTrainer.create(odd, batch, clipped, freshState(randomWeights(odd, 4)))),
    );
    for (let i = 0; i < 4; i++) {
      const task = taskOf('bert', tokensOf(odd, 4, i), odd, 5, i);
      const [one, other] = [await whole.step(task, 1e-2), await inParts.step(task, 1e-2)];
      expect(other.loss).toBeCloseTo(one.loss, 5);
      expect(other.gradientNorm).toBeCloseTo(one.gradientNorm, 4);
    }
  });

  it.each([
    ['autoregressive', 1],
    ['bert', 1],
    ['autoregressive', 0.3],
    ['autoregressive', 0],
  ] as const)('follows the reference on classes: %s, pixels counting %f', async (objective, generative) => {
    const taught = { ...odd, n_classes: 7 };
    const adam = { ...ADAMW, ...clipping };
    const start = () => freshState(randomWeights(taught, 4));
    const reference = new ReferenceTrainer(taught, 3, adam, start(), generative);
    const expected = await labelledSteps(reference, taught, 3, objective);
    for (const batch of [3, 1]) {
      const trainer = await SimdTrainer.create(taught, batch, adam, start(), generative);
      expectSame(await labelledSteps(trainer, taught, 3, objective), expected);
    }
    reference.dispose();
  });

  it('follows the reference on pictures that begin with their class', () =>
    expectBegunAsReference((...args) => SimdTrainer.create(...args), odd));

  it('goes on with classes from a saved state to the bit', async () => {
    const taught = { ...odd, n_classes: 7 };
    const make = (state: TrainerState) => SimdTrainer.create(taught, 2, clipped, state);
    const steps = async (trainer: SimdTrainer, from: number, to: number) => {
      for (let i = from; i < to; i++) await trainer.step(labelledTask(taught, 2, 'bert', i), 1e-2);
      return trainer.state();
    };
    const start = freshState(randomWeights(taught, 4));
    const half = await steps(await make(start), 0, 3);
    expect(await steps(await make(half), 3, 6)).toEqual(await steps(await make(start), 0, 6));
  });

  it('gives the same bits at every run, and goes on from a saved state to the bit', async () => {
    const steps = async (trainer: SimdTrainer, from: number, to: number) => {
      for (let i = from; i < to; i++) await trainer.step(taskOf('bert', tokensOf(odd, 2, i), odd, 5, i), 1e-2);
      return trainer.state();
    };
    const start = () => SimdTrainer.create(odd, 2, clipped, freshState(randomWeights(odd, 4)));
    const whole = await steps(await start(), 0, 6);
    expect(await steps(await start(), 0, 6)).toEqual(whole);
    const half = await steps(await start(), 0, 3);
    expect(await steps(await SimdTrainer.create(odd, 2, clipped, half), 3, 6)).toEqual(whole);
  });

  it.each(['autoregressive', 'bert'] as const)('shows what its layers make of pictures, unmoved: %s', (objective) =>
    expectLive((config, batch, state) => SimdTrainer.create(config, batch, clipped, state), objective),
  );

  it('draws by its weights as they are', () =>
    expectLiveDecoder((config, batch, state) => SimdTrainer.create(config, batch, clipped, state)));

  it('measures a loss without learning', async () => {
    const weights = randomWeights(odd, 4);
    const task = taskOf('autoregressive', tokensOf(odd, 2, 1), odd, 0, 0);
    const reference = new ReferenceTrainer(odd, 2, ADAMW, freshState(weights));
    const trainer = await SimdTrainer.create(odd, 2, ADAMW, freshState(weights));
    const before = await trainer.state();
    expect((await trainer.measure(task)).loss).toBeCloseTo((await reference.measure(task)).loss, 4);
    expect(await trainer.state()).toEqual(before);
    reference.dispose();
  });
});

it('refuses what it cannot serve, with the number', async () => {
  await useBuild('plain');
  const create = (config: Partial<Config>, batch = 1) => {
    const whole = { ...small, ...config };
    return SimdTrainer.create(whole, batch, ADAMW, freshState(initialWeights(whole, 1)));
  };
  await expect(create({ n_embd: 18 })).rejects.toThrow(new RangeError('A width of 18 is no multiple of 4.'));
  await expect(create({ n_head: 3 })).rejects.toThrow(new RangeError('A width of 16 does not divide into 3 heads.'));
  await expect(create({}, 0)).rejects.toThrow(new RangeError('A batch of 0 pictures cannot be.'));
  await expect(create({}, 1e6)).rejects.toThrow(/^\d+ bytes are needed, but WebAssembly reaches only 4294967296\.$/);
  const trainer = await create({});
  const task = taskOf('autoregressive', tokensOf(small, 2, 1).subarray(8), small, 0, 0);
  await expect(trainer.step(task, 1e-3)).rejects.toThrow('The task has 24 positions, but this trainer takes 16.');
  const wrong = taskOf('autoregressive', new Int16Array(16).fill(12), small, 0, 0);
  await expect(trainer.step(wrong, 1e-3)).rejects.toThrow('Colour 12 is not one of 12.');
});
