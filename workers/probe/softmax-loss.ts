/**
 * The loss of multinomial logistic regression and its gradient, on tfjs's current backend: the mean over the pictures of
 * −log softmax(W x + b)[label]. The features stay on the device, in blocks, so that no tensor is larger than it binds.
 *
 * Letters in shapes: m pictures of a block, d features, C classes. Parameters are W [C, d] and then b [C].
 */
import * as tf from '@tensorflow/tfjs-core';
import { type Scaling, scaled } from './scaling.ts';
import { runPiece, type Work } from './work.ts';

/** Pictures with their classes. */
export interface Samples {
  /** [n, width] */
  features: Float32Array;
  width: number;
  /** From 0. [n] */
  labels: ArrayLike<number>;
}

/** Numbers of a block of features. */
const BLOCK = 2 ** 22;

interface Block {
  /** [m, d] */
  x: tf.Tensor2D;
  /** One-hot, [m, C]. */
  y: tf.Tensor2D;
}

export class SoftmaxLoss {
  private readonly blocks: Block[];
  private readonly count: number;
  private readonly width: number;

  /** Copies the samples to the device; call dispose() to free them. */
  constructor(
    { features, width, labels }: Samples,
    private readonly classes: number,
    scaling: Scaling,
  ) {
    this.count = labels.length;
    this.width = width;
    this.blocks = blocksOf(this.count, width).map(([from, to]) => ({
      x: tf.tensor2d(scaled(features, scaling, from, to), [to - from, width]),
      y: tf.tidy(() => {
        const chosen = tf.tensor1d(Array.prototype.slice.call(labels, from, to), 'int32');
        return tf.cast(tf.oneHot(chosen, classes), 'float32') as tf.Tensor2D;
      }),
    }));
  }

  /** Loss and gradient [C·d + C]. */
  async at(parameters: Float64Array, work: Work): Promise<{ value: number; gradient: Float64Array }> {
    const gradient = new Float64Array(parameters.length);
    let value = 0;
    for (const block of this.blocks) {
      const sums = await runPiece(work, () => this.sums(block, parameters));
      for (let i = 0; i < gradient.length; i++) gradient[i] += sums[i] / this.count;
      // Summed here: a sum in float32 would be ten times as coarse.
      for (let i = gradient.length; i < sums.length; i++) value += sums[i] / this.count;
    }
    return { value, gradient };
  }

  dispose(): void {
    for (const { x, y } of this.blocks) tf.dispose([x, y]);
  }

  /** Of a block: the gradient's sum, and each picture's surprise. [C·d + C + m] */
  private async sums({ x, y }: Block, parameters: Float64Array): Promise<Float32Array> {
    const result = tf.tidy(() => {
      const logp = tf.logSoftmax(logits(x, parameters, this.classes));
      const residual = tf.sub(tf.exp(logp), y) as tf.Tensor2D; // [m, C]
      // Turned by itself: WASM multiplies fast only where no factor is turned on the way.
      const dw = tf.matMul(tf.transpose(residual), x); // [C, d]
      const surprise = tf.neg(tf.sum(tf.mul(logp, y), 1)) as tf.Tensor1D;
      return tf.concat([tf.reshape(dw, [this.classes * this.width]), tf.sum(residual, 0), surprise]);
    });
    const values = (await result.data()) as Float32Array;
    result.dispose();
    return values;
  }
}

/** softmax(W x + b) of every picture, [n, C]; features [n, d]. */
export async function probabilities(
  features: Float32Array,
  scaling: Scaling,
  parameters: Float64Array,
  work: Work,
): Promise<Float32Array> {
  const width = scaling.mean.length;
  const classes = parameters.length / (width + 1);
  const count = features.length / width;
  const all = new Float32Array(count * classes);
  for (const [from, to] of blocksOf(count, width)) {
    const block = await runPiece(work, async () => {
      const p = tf.tidy(() => {
        const x = tf.tensor2d(scaled(features, scaling, from, to), [to - from, width]);
        return tf.softmax(logits(x, parameters, classes));
      });
      const values = (await p.data()) as Float32Array;
      p.dispose();
      return values;
    });
    all.set(block, from * classes);
  }
  return all;
}

/** [m, C] */
function logits(x: tf.Tensor2D, parameters: Float64Array, classes: number): tf.Tensor2D {
  const [, d] = x.shape;
  const w = new Float32Array(d * classes);
  for (let c = 0; c < classes; c++) for (let i = 0; i < d; i++) w[i * classes + c] = parameters[c * d + i];
  const b = Float32Array.from(parameters.subarray(classes * d));
  return tf.add(tf.matMul(x, tf.tensor2d(w, [d, classes])), tf.tensor1d(b));
}

/** [from, to) of rows of a width that make a block each. */
function blocksOf(count: number, width: number): [number, number][] {
  const rows = Math.max(1, Math.floor(BLOCK / width));
  return Array.from({ length: Math.ceil(count / rows) }, (_, i) => [i * rows, Math.min(count, (i + 1) * rows)]);
}
