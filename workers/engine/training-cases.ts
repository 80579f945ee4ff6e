/** What the tests of training share: a small model of odd sizes, and a course in which everything that can move moves. */
import type { Config } from '../igpt/config.ts';
import { type Objective, taskOf } from '../igpt/objectives.ts';
import { ADAMW, type AdamW, learningRate } from '../igpt/optimizer.ts';
import { uniform } from '../igpt/random.ts';
import { randomWeights } from '../igpt/testing.ts';
import { freshState, type StepMetrics, type Trainer, type TrainerState } from '../igpt/trainer.ts';
import type { TrainingTuning } from './forward-plan.ts';
import type { Tile } from './kernels/matmul.ts';
import { GPU_TUNING, SOFTWARE_TUNING } from './tuning.ts';

export const config: Config = {
  n_layer: 3,
  n_embd: 24,
  n_head: 3,
  n_positions: 25,
  n_colours: 20,
  layer_norm_epsilon: 1e-5,
};
export const BATCH = 3;
export const STEPS = 30;
/** Small enough to clip many steps, not all; decay large enough to matter. */
export const adam: AdamW = { ...ADAMW, weightDecay: 0.1, clip: 0.8 };
export const schedule = { kind: 'cosine', peak: 1e-2, warmup: 5, total: 40 } as const;

/** The real tunings with small tiles, which every driver compiles quickly; matmul.test.ts has the tiles themselves. */
const withTile = (tuning: TrainingTuning, tile: Tile): TrainingTuning => ({
  ...tuning,
  attention: { ...tuning.attention, quads: 4 },
  tiles: { nn: tile, nt: tile, tn: tile },
});
export const ON_GPU = withTile(GPU_TUNING.training, { wx: 4, wy: 4, tm: 4, tn: 1, bk: 4 });
export const ON_SOFTWARE = withTile(SOFTWARE_TUNING.training, { wx: 4, wy: 4, tm: 4, tn: 1, bk: 0 });

export const tokensAt = (step: number) =>
  Int16Array.from({ length: BATCH * 25 }, (_, i) => Math.floor(uniform(9, step, i) ** 2 * 20));

export async function trajectory(
  trainer: Trainer,
  objective: Objective,
  steps = STEPS,
  from = 0,
): Promise<StepMetrics[]> {
  const metrics: StepMetrics[] = [];
  for (let s = from; s < from + steps; s++) {
    const task = taskOf(objective, tokensAt(s), config, 4, s);
    metrics.push(await trainer.step(task, learningRate(schedule, s)));
  }
  return metrics;
}

export const start = (): TrainerState => freshState(randomWeights(config, 3));
