/**
 * The trained numbers: weights, gradients and AdamW's two means in four stretches of the arena with the same inner order,
 * so that a gradient's norm and an update are one pass over memory. Each parameter lies as in the file.
 */
import { type Config, parameterShapes, type Weights } from '../igpt/config.ts';
import { type AdamW, decays } from '../igpt/optimizer.ts';
import type { TrainerState } from '../igpt/trainer.ts';
import { type Arena, floatsAt, roundUp } from './arena.ts';
import type { Kernels } from './kernels.ts';

interface Slot {
  name: string;
  /** Numbers from the start of a stretch. */
  offset: number;
  size: number;
}

export class Parameters {
  private readonly slots = new Map<string, Slot>();
  /** Numbers of a stretch. */
  private readonly length: number = 0;
  private readonly weights: number;
  private readonly gradients: number;
  private readonly mean: number;
  private readonly square: number;

  /** Takes places for the parameters that the state has; biases that are all zero are none. */
  constructor(
    private readonly kernels: Kernels,
    arena: Arena,
    config: Config,
    state: TrainerState,
  ) {
    for (const { name, shape, optional } of parameterShapes(config)) {
      const values = state.weights.get(name);
      if (optional && !values?.some((x) => x !== 0)) continue;
      const size = shape.reduce((a, b) => a * b, 1);
      if (values?.length !== size) throw new Error(`The model has no ${name} of ${size} numbers.`);
      this.slots.set(name, { name, offset: this.length, size });
      this.length += roundUp(size, 4);
    }
    [this.weights, this.gradients, this.mean, this.square] = Array.from({ length: 4 }, () =>
      arena.numbers(this.length),
    );
  }

  /** Copies the state in, once the memory is made. */
  load({ weights, mean, square }: TrainerState): void {
    this.each((slot) => {
      this.view(this.weights, slot).set(weights.get(slot.name)!);
      this.view(this.mean, slot).set(mean.get(slot.name)!);
      this.view(this.square, slot).set(square.get(slot.name)!);
    });
  }

  read(): Omit<TrainerState, 'step'> {
    const copy = (stretch: number): Weights =>
      new Map([...this.slots.values()].map((slot) => [slot.name, this.view(stretch, slot).slice()]));
    return { weights: copy(this.weights), mean: copy(this.mean), square: copy(this.square) };
  }

  /** Address of a parameter; 0 for a bias that is none. */
  weight(name: string): number {
    return this.address(this.weights, name);
  }

  /** Address of its gradient; 0 as above. */
  gradient(name: string): number {
    return this.address(this.gradients, name);
  }

  clearGradients(): void {
    floatsAt(this.kernels, this.gradients, this.length).fill(0);
  }

  /** The global norm of the gradient. */
  gradientNorm(): number {
    return Math.sqrt(this.kernels.squares(this.length, this.gradients));
  }

  /** One AdamW step, the `steps`th, with the gradient clipped to a norm of adam.clip. */
  update(norm: number, adam: AdamW, rate: number, steps: number): void {
    const { beta1, beta2, epsilon, weightDecay, clip } = adam;
    const scale = Math.min(1, clip / norm);
    this.each(({ name, offset, size }) => {
      const keep = decays(name) ? 1 - rate * weightDecay : 1;
      this.kernels.adamw(
        roundUp(size, 4),
        this.weights + 4 * offset,
        this.gradients + 4 * offset,
        this.mean + 4 * offset,
        this.square + 4 * offset,
        scale,
        rate,
        keep,
        beta1,
        beta2,
        epsilon,
        1 - beta1 ** steps,
        1 - beta2 ** steps,
      );
    });
  }

  private each(visit: (slot: Slot) => void): void {
    for (const slot of this.slots.values()) visit(slot);
  }

  private view(stretch: number, { offset, size }: Slot): Float32Array {
    return floatsAt(this.kernels, stretch + 4 * offset, size);
  }

  private address(stretch: number, name: string): number {
    const slot = this.slots.get(name);
    return slot ? stretch + 4 * slot.offset : 0;
  }
}
