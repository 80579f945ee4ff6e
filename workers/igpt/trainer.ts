/**
 * What every trainer can do, whatever it runs on: the reference in tfjs ops (reference-trainer.ts), the recorded plan on
 * WebGPU (engine/), the hand-written gradients on WebAssembly. The same tasks and rates give the same losses within
 * rounding.
 */
import { type Config, parameterShapes, type Weights } from './config.ts';
import type { Decoder } from './decoder.ts';
import type { Features } from './features.ts';
import type { Objective, Task } from './objectives.ts';

export interface Measured {
  /** Nats per pixel over the batch. */
  loss: number;
  /** Of models with classes: nats per picture, and the share of pictures whose likeliest class is theirs. */
  classes?: { loss: number; accuracy: number };
}

/** A step by what was measured before it. */
export interface StepMetrics extends Measured {
  /** Global norm of the gradient, before clipping; no finite number where a step of f16 was skipped. */
  gradientNorm: number;
  /** Of steps of f16, after this one. */
  scaling?: Pick<Scaling, 'scale' | 'skipped'>;
}

/** What gradients of f16 are multiplied by, so that small ones do not vanish: see engine/kernels/loss-scaling.wgsl. */
export interface Scaling {
  scale: number;
  /** Steps taken since it was changed. */
  good: number;
  /** Steps that were skipped so far, because the scale was too high. */
  skipped: number;
}

/** Everything that a run must keep to go on to the bit: by parameter name. */
export interface TrainerState {
  /** Steps taken so far. */
  step: number;
  weights: Weights;
  /** AdamW's running means of the gradient and of its square. */
  mean: Weights;
  square: Weights;
  /** Where it trains in f16; fresh unless given. */
  scaling?: Scaling;
}

export interface Trainer {
  /**
   * Takes one AdamW step at a learning rate. The step is under way when the call returns; the promise waits for its
   * metrics alone, so that a caller may begin the next one before. A task has the batch size of the trainer, or several
   * times as many pictures: these are learnt from part by part, and their gradients added up before the one update.
   */
  step(task: Task, rate: number): Promise<StepMetrics>;
  /** A batch under the weights as they are; nothing is learnt. */
  measure(task: Task): Promise<Measured>;
  /** After all steps that have begun. */
  state(): Promise<TrainerState>;
  /**
   * What a probe sees of the weights as they are at each call; to be disposed before the trainer. Throws RangeError where
   * there is no memory for it.
   */
  features(objective: Objective): Promise<Features>;
  /**
   * A decoder of the weights as they are at each call of decode(); to be disposed before the
   * trainer. Throws RangeError where there is no memory for it.
   */
  decoder(pictures: number): Promise<Decoder>;
  /** Memory that it takes. */
  readonly bytes: number;
  dispose(): void;
}

/** Of the parts of a batch, whose weights sum to 1 over all of it. */
export function summed(parts: Measured[]): Measured {
  const sum = (value: (part: Measured) => number) => parts.reduce((total, part) => total + value(part), 0);
  const loss = sum((part) => part.loss);
  if (!parts[0].classes) return { loss };
  return {
    loss,
    classes: { loss: sum(({ classes }) => classes!.loss), accuracy: sum(({ classes }) => classes!.accuracy) },
  };
}

/** A state before the first step. Biases that are absent or all zero are no parameters and stay so. */
export function freshState(weights: Weights): TrainerState {
  const trained: Weights = new Map(
    [...weights].filter(([name, values]) => !(name.endsWith('.bias') && values.every((x) => x === 0))),
  );
  const zeros = (): Weights => new Map([...trained].map(([name, values]) => [name, new Float32Array(values.length)]));
  return { step: 0, weights: trained, mean: zeros(), square: zeros() };
}

/** A state of nothing but zeros that share their memory: to find out what a model would take, without making it. */
export function blankState(config: Config): TrainerState {
  const sizes = parameterShapes(config)
    .filter(({ optional }) => !optional)
    .map(({ name, shape }): [string, number] => [name, shape.reduce((a, b) => a * b, 1)]);
  const zeros = new Float32Array(Math.max(...sizes.map(([, size]) => size)));
  const weights = new Map(sizes.map(([name, size]) => [name, zeros.subarray(0, size)]));
  return { step: 0, weights, mean: weights, square: weights };
}
