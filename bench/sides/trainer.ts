/** Whatever trains, on the bench's batches. */
import type { StepMetrics, Trainer } from '../../workers/igpt/trainer.ts';
import { type Effort, settled, timed } from '../measure.ts';
import type { Ready } from '../suites/contest.ts';
import { RATE, taskOfStep, type Workload } from '../workload.ts';
import type { Trouble } from './devices.ts';

export interface TrainingSide {
  /** One AdamW step on the batch of this number. It is under way when the call returns. */
  step(n: number): Promise<StepMetrics>;
}

/** A device in trouble goes on with zeros, so a step after which there is any counts as failed. */
export function sideOf(
  trainer: Trainer,
  { config, batch }: Workload,
  trouble: Trouble = () => undefined,
): TrainingSide {
  return {
    async step(n) {
      const metrics = await trainer.step(taskOfStep(config, batch, n), RATE);
      const what = trouble();
      if (what) throw new Error(what);
      return metrics;
    },
  };
}

/** A sample lasts about so long. */
const LEAST_MS = 400;

/** Losses of later steps may differ by more: rounding grows from step to step. */
const COMPARED = 3;

/**
 * Takes the first steps. A sample is then so many steps that it lasts a while, begun one after the
 * other and awaited together: whoever can keep the device busy meanwhile may.
 */
export async function warmedUp(
  side: TrainingSide,
  { config, batch }: Workload,
  { warm }: Effort,
  how = '',
): Promise<Ready> {
  const losses: number[] = [];
  const step = () => timed(1, async () => losses.push((await side.step(losses.length)).loss));
  for (let n = 1; n < COMPARED; n++) await step();
  const last = await settled(step, warm);
  let next = losses.length;
  const together = Math.min(50, Math.max(1, Math.round(LEAST_MS / last.milliseconds)));
  return {
    values: losses.slice(0, COMPARED),
    how,
    sample: () =>
      timed(together * batch * config.n_positions, () =>
        Promise.all(Array.from({ length: together }, () => side.step(next++))),
      ),
  };
}

/**
 * A side whose every step takes long: it has been warmed up by other means, and each sample is one step, which is also
 * what is compared.
 */
export function byTheStep(side: TrainingSide, { config, batch }: Workload, how: string): Ready {
  const losses: number[] = [];
  const sample = () =>
    timed(batch * config.n_positions, async () => losses.push((await side.step(losses.length)).loss));
  return { values: losses, how, sample };
}
