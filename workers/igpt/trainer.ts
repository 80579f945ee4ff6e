/**
 * What every trainer can do, whatever it runs on: the reference in tfjs ops (reference-trainer.ts), the recorded plan on
 * WebGPU (engine/), the hand-written gradients on WebAssembly. The same tasks and rates give the same losses within
 * rounding.
 */
import type { Weights } from './config.ts';
import type { Task } from './objectives.ts';

export interface StepMetrics {
  /** Nats per pixel over the batch, before the step. */
  loss: number;
  /** Global norm of the gradient, before clipping. */
  gradientNorm: number;
}

/** Everything that a run must keep to go on to the bit: by parameter name. */
export interface TrainerState {
  /** Steps taken so far. */
  step: number;
  weights: Weights;
  /** AdamW's running means of the gradient and of its square. */
  mean: Weights;
  square: Weights;
}

export interface Trainer {
  /**
   * Takes one AdamW step at a learning rate. The step is under way when the call returns; the promise waits for its
   * metrics alone, so that a caller may begin the next one before. Tasks must have the batch size of the trainer.
   */
  step(task: Task, rate: number): Promise<StepMetrics>;
  /** Nats per pixel of a batch under the weights as they are; nothing is learnt. */
  loss(task: Task): Promise<number>;
  /** After all steps that have begun. */
  state(): Promise<TrainerState>;
  dispose(): void;
}

/** A state before the first step. Biases that are absent or all zero are no parameters and stay so. */
export function freshState(weights: Weights): TrainerState {
  const trained: Weights = new Map(
    [...weights].filter(([name, values]) => !(name.endsWith('.bias') && values.every((x) => x === 0))),
  );
  const zeros = (): Weights => new Map([...trained].map(([name, values]) => [name, new Float32Array(values.length)]));
  return { step: 0, weights: trained, mean: zeros(), square: zeros() };
}
