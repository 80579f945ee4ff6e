/** The reference's training against numbers it did not make: finite differences of its own loss, and learning itself. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { labelledSteps, labelledTask } from './class-cases.ts';
import { type Config, parameterCount, SOS, type Weights } from './config.ts';
import { expectLive as expectLiveDecoder } from './decoder-cases.ts';
import { expectLive } from './features-cases.ts';
import { initialWeights } from './init.ts';
import { nll } from './likelihood.ts';
import { autoregressive, learntStarts, type Objective, taskOf } from './objectives.ts';
import { ADAMW } from './optimizer.ts';
import { uniform } from './random.ts';
import { ImageGPT } from './reference.ts';
import { ReferenceTrainer } from './reference-trainer.ts';
import { begunTask } from './start-cases.ts';
import { randomWeights, useWasm } from './testing.ts';
import { freshState } from './trainer.ts';

const config: Config = { n_layer: 2, n_embd: 16, n_head: 2, n_positions: 16, n_colours: 12, layer_norm_epsilon: 1e-5 };
const B = 3;
const tokens = Int16Array.from({ length: B * 16 }, (_, i) => Math.floor(uniform(1, 2, i) * 12));

beforeAll(useWasm);

it('starts at the surprise of a uniform guess', async () => {
  const trainer = new ReferenceTrainer(config, B, ADAMW, freshState(initialWeights(config, 1)));
  expect((await trainer.measure(taskOf('autoregressive', tokens, config, 0, 0))).loss).toBeCloseTo(Math.log(12), 5);
});

it("takes the mean of the pixels' surprise as the autoregressive loss", async () => {
  const weights = randomWeights(config, 3);
  const trainer = new ReferenceTrainer(config, B, ADAMW, freshState(weights));
  const surprise = await nll(new ImageGPT(config, weights), tokens);
  const mean = surprise.reduce((a, b) => a + b, 0) / surprise.length;
  expect((await trainer.measure(taskOf('autoregressive', tokens, config, 0, 0))).loss).toBeCloseTo(mean, 5);
});

describe.each<Objective>(['autoregressive', 'bert'])('%s', (objective) => {
  it('finds the slopes that finite differences give', async () => {
    const weights = randomWeights(config, 3);
    const task = taskOf(objective, tokens, config, 5, 0);
    const unclipped = { ...ADAMW, clip: 1e9 };
    const trainer = new ReferenceTrainer(config, B, unclipped, freshState(weights));
    await trainer.step(task, 0);
    // After one step the running mean is the gradient's share of 1 - β₁.
    const { mean } = await trainer.state();
    for (const name of ['transformer.wte.weight', 'transformer.h.0.attn.c_attn.weight', 'lm_head.weight']) {
      const at = 37 % weights.get(name)!.length;
      const shifted = async (by: number) => {
        const values = weights.get(name)!.slice();
        values[at] += by;
        const other = new ReferenceTrainer(config, B, unclipped, freshState(new Map([...weights, [name, values]])));
        return (await other.measure(task)).loss;
      };
      const slope = ((await shifted(1e-2)) - (await shifted(-1e-2))) / 2e-2;
      const found = mean.get(name)![at] / (1 - ADAMW.beta1);
      expect(Math.abs(found - slope), name).toBeLessThan(0.01 * Math.abs(slope) + 2e-4);
    }
  });

  it('learns a batch by heart', async () => {
    const trainer = new ReferenceTrainer(config, B, ADAMW, freshState(initialWeights(config, 1)));
    const task = taskOf(objective, tokens, config, 5, 0);
    const first = await trainer.step(task, 1e-2);
    for (let i = 0; i < 30; i++) await trainer.step(task, 1e-2);
    expect((await trainer.measure(task)).loss).toBeLessThan(0.6 * first.loss);
  });
});

it('goes on from a saved state as if it had never stopped', async () => {
  const run = async (stop: boolean) => {
    let trainer = new ReferenceTrainer(config, B, ADAMW, freshState(initialWeights(config, 1)));
    for (let i = 0; i < 6; i++) {
      if (stop && i === 3) {
        const state = await trainer.state();
        trainer.dispose();
        trainer = new ReferenceTrainer(config, B, ADAMW, state);
      }
      await trainer.step(taskOf('bert', tokens, config, 5, i), 1e-2);
    }
    return trainer.state();
  };
  expect(await run(true)).toEqual(await run(false));
});

it('learns from a batch in parts as from the whole', async () => {
  const weights = initialWeights(config, 1);
  const whole = new ReferenceTrainer(config, B, ADAMW, freshState(weights));
  const inParts = new ReferenceTrainer(config, 1, ADAMW, freshState(weights));
  for (let i = 0; i < 3; i++) {
    const task = taskOf('bert', tokens, config, 5, i);
    const [one, other] = [await whole.step(task, 1e-2), await inParts.step(task, 1e-2)];
    expect(other.loss).toBeCloseTo(one.loss, 5);
    expect(other.gradientNorm).toBeCloseTo(one.gradientNorm, 4);
  }
});

describe('a model with classes', () => {
  const taught: Config = { ...config, n_classes: 3 };
  const task = labelledTask(taught, B, 'autoregressive', 0);

  it('starts at the surprise of a uniform guess', async () => {
    const trainer = new ReferenceTrainer(taught, B, ADAMW, freshState(initialWeights(taught, 1)));
    expect((await trainer.measure(task)).classes!.loss).toBeCloseTo(Math.log(3), 5);
  });

  it('judges by a linear classifier of the mean of what the head reads', async () => {
    const weights = randomWeights(taught, 3);
    const gpt = new ImageGPT(taught, weights);
    const x = tf.tensor2d(task.inputs, [B, 16], 'int32');
    const features = Float32Array.from(await gpt.features(x, true).data()).slice(-B * 16); // [B, d]
    const score = weights.get('score.weight')!;
    const logits = Array.from({ length: B }, (_, b) =>
      [0, 1, 2].map((c) =>
        features.subarray(b * 16, b * 16 + 16).reduce((sum, f, i) => sum + f * score[c * 16 + i], 0),
      ),
    );
    const p = logits.map((row) => row.map((l) => Math.exp(l) / row.reduce((sum, other) => sum + Math.exp(other), 0)));
    const loss = p.reduce((sum, row, b) => sum - Math.log(row[task.labels!.classes[b]]) / B, 0);
    const right = p.filter((row, b) => row.indexOf(Math.max(...row)) === task.labels!.classes[b]).length;
    const trainer = new ReferenceTrainer(taught, B, ADAMW, freshState(weights));
    const { classes } = await trainer.measure(task);
    expect(classes!.loss).toBeCloseTo(loss, 4);
    expect(classes!.accuracy).toBeCloseTo(right / B, 5);
  });

  it.each([0, 0.5, 1])('finds the slopes of the joint loss, pixels counting %f', async (generative) => {
    const weights = randomWeights(taught, 3);
    const unclipped = { ...ADAMW, clip: 1e9 };
    const make = (values: Weights) => new ReferenceTrainer(taught, B, unclipped, freshState(values), generative);
    const trainer = make(weights);
    await trainer.step(task, 0);
    const { mean } = await trainer.state();
    for (const name of ['transformer.wte.weight', 'transformer.h.0.attn.c_attn.weight', 'score.weight']) {
      const at = 37 % weights.get(name)!.length;
      const shifted = async (by: number) => {
        const values = weights.get(name)!.slice();
        values[at] += by;
        const { loss, classes } = await make(new Map([...weights, [name, values]])).measure(task);
        return generative * loss + classes!.loss;
      };
      const slope = ((await shifted(1e-2)) - (await shifted(-1e-2))) / 2e-2;
      const found = mean.get(name)![at] / (1 - ADAMW.beta1);
      expect(Math.abs(found - slope), name).toBeLessThan(0.01 * Math.abs(slope) + 2e-4);
    }
    const head = mean.get('lm_head.weight')!.some((x) => x !== 0);
    expect(head).toBe(generative > 0);
  });

  it('learns to tell the pictures of a few batches apart', async () => {
    const trainer = new ReferenceTrainer(taught, 8, ADAMW, freshState(initialWeights(taught, 1)));
    for (let i = 0; i < 60; i++) await trainer.step(labelledTask(taught, 8, 'bert', i % 3), 1e-2);
    expect((await trainer.measure(labelledTask(taught, 8, 'bert', 1))).classes!.accuracy).toBe(1);
  });

  it('learns from a batch in parts as from the whole', async () => {
    const start = () => freshState(randomWeights(taught, 3));
    const whole = await labelledSteps(new ReferenceTrainer(taught, 4, ADAMW, start()), taught, 4, 'bert');
    const inParts = await labelledSteps(new ReferenceTrainer(taught, 2, ADAMW, start()), taught, 4, 'bert');
    whole.metrics.forEach(({ classes }, i) => {
      expect(inParts.metrics[i].classes!.loss).toBeCloseTo(classes!.loss, 3);
      expect(inParts.metrics[i].classes!.accuracy).toBeCloseTo(classes!.accuracy, 5);
    });
  });

  it('refuses labels that are not its own', async () => {
    const trainer = new ReferenceTrainer(taught, B, ADAMW, freshState(initialWeights(taught, 1)));
    await expect(trainer.measure({ ...task, labels: undefined })).rejects.toThrow(
      'The task has 0 labels, but this model needs 3.',
    );
    const wrong = { ...task.labels!, classes: Int32Array.of(0, 3, 1) };
    await expect(trainer.step({ ...task, labels: wrong }, 0)).rejects.toThrow('Class 3 is not one of 3.');
    const plain = new ReferenceTrainer(config, B, ADAMW, freshState(initialWeights(config, 1)));
    await expect(plain.measure(task)).rejects.toThrow('The task has 3 labels, but this model needs 0.');
  });
});

describe('pictures that begin with their class', () => {
  const begun: Config = { ...config, n_starts: 3 };
  const task = autoregressive(tokens, begun, [2, SOS, 0]);

  it('begin with its vector, or with the start symbol, before the same pixels', () => {
    const plain = autoregressive(tokens, config);
    expect([0, 16, 32].map((at) => task.inputs[at])).toEqual([15, 12, 13]);
    task.inputs.forEach((input, i) => {
      if (i % 16 > 0) expect(input).toBe(plain.inputs[i]);
    });
    expect(() => autoregressive(tokens, begun, [0, 1, 3])).toThrow(new RangeError('Class 3 is not one of 3.'));
    expect(() => autoregressive(tokens, config, [0, 1, 2])).toThrow('This model begins no picture with a class.');
  });

  it('start from the same weights as a model without classes', () => {
    const [other, plain] = [initialWeights(begun, 1), initialWeights(config, 1)];
    for (const [name, values] of plain) expect(other.get(name)!.subarray(0, values.length), name).toEqual(values);
    expect(parameterCount(begun)).toBe(parameterCount(config) + 3 * 16);
  });

  it('have the slopes that finite differences give: classes, the start symbol, and one that is in no picture', async () => {
    const weights = randomWeights(begun, 3);
    const unclipped = { ...ADAMW, clip: 1e9 };
    const wte = 'transformer.wte.weight';
    const trainer = new ReferenceTrainer(begun, B, unclipped, freshState(weights));
    await trainer.step(task, 0);
    const { mean } = await trainer.state();
    for (const row of [12, 13, 14, 15]) {
      const at = 16 * row + 5;
      const shifted = async (by: number) => {
        const values = weights.get(wte)!.slice();
        values[at] += by;
        const other = new ReferenceTrainer(begun, B, unclipped, freshState(new Map([...weights, [wte, values]])));
        return (await other.measure(task)).loss;
      };
      const slope = ((await shifted(1e-2)) - (await shifted(-1e-2))) / 2e-2;
      const found = mean.get(wte)![at] / (1 - ADAMW.beta1);
      expect(Math.abs(found - slope), `row ${row}`).toBeLessThan(0.01 * Math.abs(slope) + 2e-4);
      expect(found === 0, `row ${row}`).toBe(row === 14);
    }
  });

  it('are foreseen the better for it, once it was learnt', async () => {
    const trainer = new ReferenceTrainer(begun, 8, ADAMW, freshState(initialWeights(begun, 1)));
    for (let i = 0; i < 40; i++) await trainer.step(begunTask(begun, 8, i), 1e-2);
    const given = begunTask(begun, 8, 99);
    const without = autoregressive(Int16Array.from(given.targets), begun);
    const [by, sos] = [await trainer.measure(given), await trainer.measure(without)];
    expect(by.loss).toBeLessThan(sos.loss - 0.01);
  });

  it('are kept from their class in a tenth of the cases, the same ones at each try', () => {
    const classes = Array.from({ length: 5000 }, (_, i) => i % 3);
    const starts = learntStarts(classes, 7, 2);
    expect(learntStarts(classes, 7, 2)).toEqual(starts);
    expect(learntStarts(classes, 7, 3)).not.toEqual(starts);
    const kept = starts.filter((start) => start === SOS).length;
    expect(kept / 5000).toBeCloseTo(0.1, 1);
    starts.forEach((start, i) => {
      if (start !== SOS) expect(start).toBe(classes[i]);
    });
  });
});

it.each(['autoregressive', 'bert'] as const)('shows what its layers make of pictures, unmoved: %s', (objective) =>
  expectLive(async (config, batch, state) => new ReferenceTrainer(config, batch, ADAMW, state), objective),
);

it('leaves no tensor behind', async () => {
  const before = tf.memory().numTensors;
  const trainer = new ReferenceTrainer(config, B, ADAMW, freshState(initialWeights(config, 1)));
  await trainer.step(taskOf('autoregressive', tokens, config, 0, 0), 1e-2);
  await trainer.state();
  trainer.dispose();
  const taught = { ...config, n_classes: 2 };
  const other = new ReferenceTrainer(taught, B, ADAMW, freshState(initialWeights(taught, 1)));
  await other.step(labelledTask(taught, B, 'bert', 0), 1e-2);
  await other.measure(labelledTask(taught, B, 'bert', 0));
  other.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it('draws by its weights as they are', () =>
  expectLiveDecoder(async (config, batch, state) => new ReferenceTrainer(config, batch, ADAMW, state)));
