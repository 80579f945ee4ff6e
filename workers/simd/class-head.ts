/**
 * The classes' head of a trainer: the mean over positions of the last norm's output, a linear classifier without bias, and
 * the way back. Few numbers, so they are plain loops in JavaScript over the kernels' memory. Letters in shapes: B pictures,
 * T positions, d width, C classes.
 */
import type { Labels } from '../igpt/objectives.ts';
import type { Measured } from '../igpt/trainer.ts';
import { type Arena, floatsAt } from './arena.ts';
import type { Kernels } from './kernels.ts';
import type { Parameters } from './parameters.ts';
import type { Shapes } from './shapes.ts';

const SCORE = 'score.weight';

export class ClassHead {
  /** Means over positions, [B, d]. */
  private readonly pooled: number;
  /** Gradient of the logits, [B, C]. */
  private readonly gradient: Float32Array;

  constructor(
    private readonly kernels: Kernels,
    private readonly parameters: Parameters,
    arena: Arena,
    private readonly shapes: Shapes,
    private readonly batch: number,
    private readonly classes: number,
  ) {
    this.pooled = arena.numbers(batch * shapes.d);
    this.gradient = new Float32Array(batch * classes);
  }

  /** Loss and accuracy from the last norm's output [B, T, d]. */
  measure(last: number, labels: Labels): NonNullable<Measured['classes']> {
    const { kernels, gradient, batch, classes } = this;
    const { T, d } = this.shapes;
    const pooled = floatsAt(kernels, this.pooled, batch * d).fill(0);
    for (let b = 0; b < batch; b++) kernels.columnSums(T, d, last + 4 * d * T * b, this.pooled + 4 * d * b);
    for (let i = 0; i < pooled.length; i++) pooled[i] /= T;
    const weights = floatsAt(kernels, this.parameters.weight(SCORE), classes * d);
    let loss = 0;
    let accuracy = 0;
    for (let b = 0; b < batch; b++) {
      const logits = Float64Array.from({ length: classes }, (_, c) => {
        let sum = 0;
        for (let i = 0; i < d; i++) sum += pooled[b * d + i] * weights[c * d + i];
        return sum;
      });
      const [label, weight] = [labels.classes[b], labels.weights[b]];
      const most = logits.reduce((a, x) => Math.max(a, x));
      const whole = most + Math.log(logits.reduce((sum, x) => sum + Math.exp(x - most), 0));
      loss += weight * (whole - logits[label]);
      if (logits.indexOf(most) === label) accuracy += weight;
      logits.forEach((x, c) => {
        gradient[b * classes + c] = weight * (Math.exp(x - whole) - (c === label ? 1 : 0));
      });
    }
    return { loss, accuracy };
  }

  /** Adds the head's gradient to its own, and to dlast [B, T, d] what comes back from the classes measured last. */
  backward(dlast: number): void {
    const { kernels, parameters, gradient, batch, classes } = this;
    const { T, d } = this.shapes;
    const pooled = floatsAt(kernels, this.pooled, batch * d);
    const weights = floatsAt(kernels, parameters.weight(SCORE), classes * d);
    const dweights = floatsAt(kernels, parameters.gradient(SCORE), classes * d);
    for (let b = 0; b < batch; b++) {
      const shared = new Float32Array(d); // what each position's gradient is given
      for (let c = 0; c < classes; c++) {
        const slope = gradient[b * classes + c];
        for (let i = 0; i < d; i++) {
          dweights[c * d + i] += slope * pooled[b * d + i];
          shared[i] += (slope * weights[c * d + i]) / T;
        }
      }
      for (let t = 0; t < T; t++) {
        const row = floatsAt(kernels, dlast + 4 * d * (b * T + t), d);
        for (let i = 0; i < d; i++) row[i] += shared[i];
      }
    }
  }
}
