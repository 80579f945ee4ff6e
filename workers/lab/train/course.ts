/** The course of a run as it grows. */
import type { Judged, LayerProbe, ProbeCourse, RunHistory } from '../../contract.ts';
import type { Measured } from '../../igpt/trainer.ts';
import { Numbers } from './numbers.ts';
import type { StepRecord } from './run.ts';

/** Losses that a new one is compared with. */
const WINDOW = 50;
/** A leap is so many standard deviations of them above their mean, and at least so many nats. */
const DEVIATIONS = 8;
const LEAST_LEAP = 0.5;
/** Steps over which the speed is taken. */
const SPEED_STEPS = 20;

export class Course {
  private readonly loss: Numbers;
  private readonly gradientNorm: Numbers;
  private readonly rate: Numbers;
  private readonly time: Numbers;
  /** Where classes are learnt, from the first step on. */
  private classes: { loss: Numbers; accuracy: Numbers } | undefined;
  private validations: Judged[];
  private samples: RunHistory['samples'];
  /** Where its layers were probed. */
  probe: ProbeCourse | undefined;

  constructor(history: RunHistory) {
    this.loss = new Numbers(history.loss);
    this.gradientNorm = new Numbers(history.gradientNorm);
    this.rate = new Numbers(history.rate);
    this.time = new Numbers(history.seconds);
    if (history.classes) this.classes = lists(history.classes);
    this.validations = [...history.validations];
    this.samples = [...history.samples];
    this.probe = history.probe;
  }

  get step(): number {
    return this.loss.length;
  }

  /** Training time so far. */
  get seconds(): number {
    return this.time.at(-1) ?? 0;
  }

  get validation(): Judged | null {
    return this.validations.at(-1) ?? null;
  }

  /** The first of equal ones. */
  get best(): Judged | null {
    return this.validations.reduce<Judged | null>((best, one) => (best && !isBetter(one, best) ? best : one), null);
  }

  /** Whether so many judgements have followed the best one; 0 is never. */
  isExhausted(patience: number): boolean {
    const { best } = this;
    if (patience === 0 || !best) return false;
    return this.validations.length - 1 - this.validations.indexOf(best) >= patience;
  }

  add({ loss, gradientNorm, rate, classes }: StepRecord, seconds: number): void {
    this.time.push(this.seconds + seconds);
    this.loss.push(loss);
    this.gradientNorm.push(gradientNorm);
    this.rate.push(rate);
    if (!classes) return;
    this.classes ??= lists({ loss: new Float32Array(0), accuracy: new Float32Array(0) });
    this.classes.loss.push(classes.loss);
    this.classes.accuracy.push(classes.accuracy);
  }

  judge(measured: Measured): void {
    this.validations.push({ step: this.step, ...measured });
  }

  show(tokens: Int16Array): void {
    this.samples.push({ step: this.step, tokens });
  }

  addProbe(about: Omit<ProbeCourse, 'probes'>, probe: LayerProbe): void {
    this.probe = { ...about, probes: [...(this.probe?.probes ?? []), probe] };
  }

  /** Seconds a step, lately; 0 before the first. */
  get secondsPerStep(): number {
    const steps = Math.min(SPEED_STEPS, this.step);
    return steps === 0 ? 0 : (this.seconds - (this.time.at(-1 - steps) ?? 0)) / steps;
  }

  /** What a loss that would come next is, in a sentence, if it is no number or far above the last ones. */
  leap({ step, loss, gradientNorm, scaling }: StepRecord): string | undefined {
    // In f16 a gradient may overflow: that step was skipped and the scale of the next halved, as long as there is one.
    const skipped = !Number.isFinite(gradientNorm) && scaling !== undefined && scaling.scale > 1;
    if (!Number.isFinite(loss) || !(Number.isFinite(gradientNorm) || skipped)) {
      return `At step ${step} the ${Number.isFinite(loss) ? 'gradient' : 'loss'} was no number any more`;
    }
    if (this.step < WINDOW) return undefined;
    const last = this.loss.slice(this.step - WINDOW);
    const mean = last.reduce((a, b) => a + b, 0) / WINDOW;
    const deviation = Math.sqrt(last.reduce((sum, x) => sum + (x - mean) ** 2, 0) / WINDOW);
    if (loss < mean + Math.max(LEAST_LEAP, DEVIATIONS * deviation)) return undefined;
    return `At step ${step} the loss leapt from ${mean.toFixed(2)} to ${loss.toFixed(2)}`;
  }

  /** Forgets what came after a step. */
  cut(step: number): void {
    const { loss, gradientNorm, rate, time, classes } = this;
    for (const list of [loss, gradientNorm, rate, time, ...Object.values(classes ?? {})]) list.cut(step);
    this.validations = this.validations.filter((one) => one.step <= step);
    this.samples = this.samples.filter((one) => one.step <= step);
    if (this.probe) this.probe = { ...this.probe, probes: this.probe.probes.filter((one) => one.step <= step) };
  }

  /** Everything after a step, and of what comes seldom all beyond the first so many. */
  since({ step, validations, samples, probes }: Counts = NOTHING): RunHistory {
    return {
      loss: this.loss.slice(step),
      gradientNorm: this.gradientNorm.slice(step),
      rate: this.rate.slice(step),
      seconds: this.time.slice(step),
      ...(this.classes && {
        classes: { loss: this.classes.loss.slice(step), accuracy: this.classes.accuracy.slice(step) },
      }),
      validations: this.validations.slice(validations),
      samples: this.samples.slice(samples),
      ...(this.probe && { probe: { ...this.probe, probes: this.probe.probes.slice(probes) } }),
    };
  }

  get counts(): Counts {
    return {
      step: this.step,
      validations: this.validations.length,
      samples: this.samples.length,
      probes: this.probe?.probes.length ?? 0,
    };
  }
}

/** How many there are of each. */
export interface Counts {
  step: number;
  validations: number;
  samples: number;
  probes: number;
}

export const NOTHING: Counts = { step: 0, validations: 0, samples: 0, probes: 0 };

/** As many as there are, and no more than were told. */
export const fewest = (a: Counts, b: Counts): Counts => ({
  step: Math.min(a.step, b.step),
  validations: Math.min(a.validations, b.validations),
  samples: Math.min(a.samples, b.samples),
  probes: Math.min(a.probes, b.probes),
});

const lists = ({ loss, accuracy }: NonNullable<RunHistory['classes']>) => ({
  loss: new Numbers(loss),
  accuracy: new Numbers(accuracy),
});

/** By accuracy where there are classes, or else by loss. */
const isBetter = (one: Judged, other: Judged): boolean =>
  one.classes && other.classes ? one.classes.accuracy > other.classes.accuracy : one.loss < other.loss;
