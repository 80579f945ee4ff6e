/** What the tests of all trainers share about models with classes: tasks with labels, and twenty steps to compare. */
import { expect } from 'vitest';
import type { Config, Weights } from './config.ts';
import { labelled, type Objective, type Task, taskOf } from './objectives.ts';
import { type AdamW, learningRate } from './optimizer.ts';
import { uniform } from './random.ts';
import type { Measured, StepMetrics, Trainer, TrainerState } from './trainer.ts';

const STEPS = 20;
const schedule = { kind: 'cosine', peak: 3e-3, warmup: 5, total: 40 } as const;

export const clipping = { weightDecay: 0.1, clip: 0.8 } satisfies Partial<AdamW>;

/** A batch of pictures that look a little like their classes. */
export function labelledTask(config: Config, batch: number, objective: Objective, step: number): Task {
  const { n_positions: T, n_colours: V, n_classes: C } = config;
  const classes = Int32Array.from({ length: batch }, (_, b) => Math.floor(uniform(2, step, b) * C!));
  const tokens = Int16Array.from({ length: batch * T }, (_, i) =>
    Math.floor(uniform(1, step, i) ** (1 + classes[Math.floor(i / T)]) * V),
  );
  return labelled(taskOf(objective, tokens, config, 5, step), classes);
}

export interface Trajectory {
  metrics: StepMetrics[];
  /** Of a batch that was not learnt from. */
  after: Measured;
  state: TrainerState;
}

export async function labelledSteps(
  trainer: Trainer,
  config: Config,
  batch: number,
  objective: Objective,
): Promise<Trajectory> {
  const metrics: StepMetrics[] = [];
  for (let s = 0; s < STEPS; s++) {
    metrics.push(await trainer.step(labelledTask(config, batch, objective, s), learningRate(schedule, s)));
  }
  const after = await trainer.measure(labelledTask(config, batch, objective, 99));
  return { metrics, after, state: await trainer.state() };
}

/** Losses within 1e-4, every parameter within 1e-3 of its largest value; the keys' biases have no slope and are left out. */
export function expectSame(found: Trajectory, expected: Trajectory): void {
  const close = (one: number, other: number, what: string) =>
    expect(Math.abs(one - other) / Math.abs(other), what).toBeLessThan(1e-4);
  [...expected.metrics, expected.after].forEach((wanted, s) => {
    const got = s < STEPS ? found.metrics[s] : found.after;
    close(got.loss, wanted.loss, `loss ${s}`);
    close(got.classes!.loss, wanted.classes!.loss, `classes' loss ${s}`);
    expect(got.classes!.accuracy, `accuracy ${s}`).toBeCloseTo(wanted.classes!.accuracy, 5);
  });
  expect([...found.state.weights.keys()]).toEqual([...expected.state.weights.keys()]);
  expect(found.state.weights.has('score.weight')).toBe(true);
  for (const [name, values] of expected.state.weights) {
    expect(difference(name, found.state.weights, values), name).toBeLessThan(1e-3);
  }
}

/** The largest of a parameter, as a share of its largest value. */
export function difference(name: string, found: Weights, expected: Float32Array): number {
  const third = name.endsWith('c_attn.bias') ? expected.length / 3 : 0;
  let [most, size] = [0, 0];
  expected.forEach((x, i) => {
    if (i >= third && i < 2 * third) return;
    most = Math.max(most, Math.abs(x - found.get(name)![i]));
    size = Math.max(size, Math.abs(x));
  });
  return most / size;
}
