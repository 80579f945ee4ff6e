/**
 * A training run under way: takes steps one after the other, a few begun before the first of them is done so that the GPU
 * never waits, and stops at the steps after which something else is due. Knows nothing of pages or files.
 */
import type { Recipe } from '../../contract.ts';
import { learningRate } from '../../igpt/optimizer.ts';
import { type Measured, type StepMetrics, summed, type Trainer } from '../../igpt/trainer.ts';
import type { RunPictures } from './pictures.ts';

/** Steps that may be under way at once. */
const AHEAD = 2;

/** A step that was taken. */
export interface StepRecord extends StepMetrics {
  /** Steps taken with this one. */
  step: number;
  rate: number;
}

/** A peak learning rate that holds from a step on, counted from 0. */
export interface PeakRate {
  step: number;
  rate: number;
}

/** The learning rate of a step, counted from 0, after changes on the way. */
export function rateAt(recipe: Recipe, changes: PeakRate[], step: number): number {
  const peak = changes.findLast((change) => change.step <= step)?.rate ?? recipe.rate;
  return learningRate({ kind: recipe.schedule, peak, warmup: recipe.warmup, total: recipe.steps }, step);
}

/** What is due after a step; 0 steps apart is never, and everything is due at the end. */
export function due(every: number, step: number, recipe: Recipe): boolean {
  return every > 0 && (step % every === 0 || step === recipe.steps);
}

export class TrainingRun {
  private readonly under: Promise<StepRecord>[] = [];
  private begun: number;

  constructor(
    private readonly trainer: Trainer,
    private readonly recipe: Recipe,
    private readonly pictures: RunPictures,
    private readonly rates: () => PeakRate[],
    step: number,
  ) {
    this.begun = step;
  }

  /** The next step, done; undefined at the end of the run. No more than `most` are begun. */
  async next(most: number): Promise<StepRecord | undefined> {
    while (this.under.length < Math.min(AHEAD, most) && this.mayBegin()) this.begin();
    return this.under.shift();
  }

  /** A step that is under way already, done; undefined if there is none. */
  async settle(): Promise<StepRecord | undefined> {
    return this.under.shift();
  }

  /** Held-back pictures; `turn` runs each batch when it may. */
  async validate(turn: <T>(job: () => Promise<T>) => Promise<T>): Promise<Measured> {
    const batches: Measured[] = [];
    let pictures = 0;
    for (const { task, count } of this.pictures.judging) {
      batches.push(times(await turn(() => this.trainer.measure(task)), count));
      pictures += count;
    }
    return times(summed(batches), 1 / pictures);
  }

  /** After a step at which something is due, the next one waits until that is done. */
  private mayBegin(): boolean {
    return this.begun < this.recipe.steps && (this.under.length === 0 || !this.pausesAt(this.begun));
  }

  private begin(): void {
    const rate = rateAt(this.recipe, this.rates(), this.begun);
    const metrics = this.trainer.step(this.pictures.task(this.begun), rate);
    this.begun += 1;
    const step = this.begun;
    const record = metrics.then((measured) => ({ ...measured, step, rate }));
    record.catch(() => {}); // it is heard of when its turn comes
    this.under.push(record);
  }

  private pausesAt(step: number): boolean {
    const { validateEvery, sampleEvery, probeEvery, saveEvery, keepEvery } = this.recipe;
    return [validateEvery, sampleEvery, probeEvery, saveEvery, keepEvery].some((every) =>
      due(every, step, this.recipe),
    );
  }
}

/** A measurement so many times, rounded as it is kept. */
function times({ loss, classes }: Measured, factor: number): Measured {
  const by = (x: number) => Math.fround(factor * x);
  return classes
    ? { loss: by(loss), classes: { loss: by(classes.loss), accuracy: by(classes.accuracy) } }
    : { loss: by(loss) };
}
