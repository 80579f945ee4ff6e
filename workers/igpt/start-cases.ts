/** What the tests of all trainers share about pictures that begin with their class: tasks, and twenty steps beside the reference. */
import { expect } from 'vitest';
import { clipping, difference } from './class-cases.ts';
import { type Config, SOS } from './config.ts';
import { autoregressive, type Task } from './objectives.ts';
import { ADAMW, type AdamW, learningRate } from './optimizer.ts';
import { uniform } from './random.ts';
import { ReferenceTrainer } from './reference-trainer.ts';
import { randomWeights } from './testing.ts';
import { freshState, type Trainer, type TrainerState } from './trainer.ts';

const STEPS = 20;
const BATCH = 3;
const schedule = { kind: 'cosine', peak: 3e-3, warmup: 5, total: 40 } as const;

/** A batch of pictures whose colours tell their classes; some begin with the start symbol all the same. */
export function begunTask(config: Config, batch: number, step: number): Task {
  const { n_positions: T, n_colours: V, n_starts: S } = config;
  const classes = Array.from({ length: batch }, (_, b) => Math.floor(uniform(2, step, b) * S!));
  const starts = classes.map((label, b) => (uniform(3, step, b) < 0.2 ? SOS : label));
  const tokens = Int16Array.from({ length: batch * T }, (_, i) =>
    Math.floor(((classes[Math.floor(i / T)] + uniform(1, step, i)) / S!) * V),
  );
  return autoregressive(tokens, config, starts);
}

/** Losses within 1e-4, every parameter within 1e-3 of its largest value, in one part and in several. */
export async function expectAsReference(
  make: (config: Config, batch: number, adam: AdamW, state: TrainerState) => Promise<Trainer>,
  base: Config,
): Promise<void> {
  const config = { ...base, n_starts: 5 };
  const adam = { ...ADAMW, ...clipping };
  const begin = () => freshState(randomWeights(config, 4));
  const reference = new ReferenceTrainer(config, BATCH, adam, begin());
  const wanted = await steps(reference, config);
  for (const batch of [BATCH, 1]) {
    const trainer = await make(config, batch, adam, begin());
    const found = await steps(trainer, config);
    wanted.losses.forEach((loss, s) => {
      expect(Math.abs(found.losses[s] / loss - 1), `loss of step ${s}`).toBeLessThan(1e-4);
    });
    expect([...found.state.weights.keys()]).toEqual([...wanted.state.weights.keys()]);
    for (const key of ['weights', 'mean'] as const) {
      for (const [name, values] of wanted.state[key]) {
        expect(difference(name, found.state[key], values), `${key} ${name}`).toBeLessThan(1e-3);
      }
    }
    trainer.dispose();
  }
  reference.dispose();
}

async function steps(trainer: Trainer, config: Config) {
  const losses: number[] = [];
  for (let s = 0; s < STEPS; s++) {
    losses.push((await trainer.step(begunTask(config, BATCH, s), learningRate(schedule, s))).loss);
  }
  losses.push((await trainer.measure(begunTask(config, BATCH, 99))).loss);
  return { losses, state: await trainer.state() };
}
