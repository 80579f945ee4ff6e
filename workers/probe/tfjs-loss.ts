/**
 * The loss of multinomial logistic regression on tfjs's current backend. The features stay on the device, in blocks, so
 * that no tensor is larger than it binds.
 *
 * Letters in shapes: m pictures of a block, d features, C classes. Parameters are W [C, d] and then b [C].
 */
import * as tf from '@tensorflow/tfjs-core';
import { blocksOf, type Samples } from './samples.ts';
import { type Scaling, scale } from './scaling.ts';
import type { SoftmaxLoss } from './softmax-loss.ts';
import { runPiece, type Work } from './work.ts';

interface Block {
  /** [m, d] */
  x: tf.Tensor2D;
  /** One-hot, [m, C]. */
  y: tf.Tensor2D;
}

export class TfjsLoss implements SoftmaxLoss {
  private readonly blocks: Block[] = [];

  private constructor(
    private readonly count: number,
    private readonly width: number,
    private readonly classes: number,
  ) {}

  /** Copies the samples to the device. */
  static async of(samples: Samples, classes: number, scaling: Scaling, work: Work): Promise<TfjsLoss> {
    const { width, labels } = samples;
    const loss = new TfjsLoss(labels.length, width, classes);
    try {
      for (const places of blocksOf(samples)) {
        await runPiece(work, async () => {
          const x = tf.tensor2d(scale(samples.rows(places), scaling), [places.length, width]);
          const chosen = Int32Array.from(places, (place) => labels[place]);
          const y = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(chosen, 'int32'), classes), 'float32') as tf.Tensor2D);
          loss.blocks.push({ x, y });
        });
      }
    } catch (error) {
      loss.dispose();
      throw error;
    }
    return loss;
  }

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

/** softmax(W x + b) of every picture, [n, C]. */
export async function probabilities(
  samples: Samples,
  scaling: Scaling,
  parameters: Float64Array,
  work: Work,
): Promise<Float32Array> {
  const { width, labels } = samples;
  const classes = parameters.length / (width + 1);
  const all = new Float32Array(labels.length * classes);
  for (const places of blocksOf(samples)) {
    const block = await runPiece(work, async () => {
      const p = tf.tidy(() => {
        const x = tf.tensor2d(scale(samples.rows(places), scaling), [places.length, width]);
        return tf.softmax(logits(x, parameters, classes));
      });
      const values = (await p.data()) as Float32Array;
      p.dispose();
      return values;
    });
    all.set(block, places[0] * classes);
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
