/** The reference's training against numbers it did not make: finite differences of its own loss, and learning itself. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Config } from './config.ts';
import { initialWeights } from './init.ts';
import { nll } from './likelihood.ts';
import { type Objective, taskOf } from './objectives.ts';
import { ADAMW } from './optimizer.ts';
import { uniform } from './random.ts';
import { ImageGPT } from './reference.ts';
import { ReferenceTrainer } from './reference-trainer.ts';
import { randomWeights, useWasm } from './testing.ts';
import { freshState } from './trainer.ts';

const config: Config = { n_layer: 2, n_embd: 16, n_head: 2, n_positions: 16, n_colours: 12, layer_norm_epsilon: 1e-5 };
const B = 3;
const tokens = Int16Array.from({ length: B * 16 }, (_, i) => Math.floor(uniform(1, 2, i) * 12));

beforeAll(useWasm);

it('starts at the surprise of a uniform guess', async () => {
  const trainer = new ReferenceTrainer(config, B, ADAMW, freshState(initialWeights(config, 1)));
  expect(await trainer.loss(taskOf('autoregressive', tokens, config, 0, 0))).toBeCloseTo(Math.log(12), 5);
});

it("takes the mean of the pixels' surprise as the autoregressive loss", async () => {
  const weights = randomWeights(config, 3);
  const trainer = new ReferenceTrainer(config, B, ADAMW, freshState(weights));
  const surprise = await nll(new ImageGPT(config, weights), tokens);
  const mean = surprise.reduce((a, b) => a + b, 0) / surprise.length;
  expect(await trainer.loss(taskOf('autoregressive', tokens, config, 0, 0))).toBeCloseTo(mean, 5);
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
        return other.loss(task);
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
    expect(await trainer.loss(task)).toBeLessThan(0.6 * first.loss);
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

it('leaves no tensor behind', async () => {
  const before = tf.memory().numTensors;
  const trainer = new ReferenceTrainer(config, B, ADAMW, freshState(initialWeights(config, 1)));
  await trainer.step(taskOf('autoregressive', tokens, config, 0, 0), 1e-2);
  await trainer.state();
  trainer.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
