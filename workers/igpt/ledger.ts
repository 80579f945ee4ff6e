/** What a decoder tells of each pixel, computed on the backend and kept for all pictures until they are done. */
import * as tf from '@tensorflow/tfjs-core';
import { type CompletionUpdate, TOP_COLOURS, UNKNOWN } from '../contract.ts';

/** What the page is told of each pixel; all at temperature 1, over the full palette. Arrays are [B, m, ·]. */
export interface Statistics {
  m: number;
  tokens: ArrayLike<number>;
  nll: ArrayLike<number>;
  entropy: ArrayLike<number>;
  topColours: ArrayLike<number>;
  topProbabilities: ArrayLike<number>;
}

/** Statistics of the chosen tokens, int32 [B, m], under logits [B, m, V]; one read-back. */
export async function readStatistics(logits: tf.Tensor3D, tokens: tf.Tensor2D): Promise<Statistics> {
  const [B, m, V] = logits.shape;
  const tensors = tf.tidy(() => {
    const logp = tf.logSoftmax(tf.reshape(logits, [B * m, V])); // [B·m, V]
    const p = tf.exp(logp);
    const chosen = tf.oneHot(tf.reshape(tokens, [B * m]), V);
    const top = tf.topk(p, Math.min(TOP_COLOURS, V));
    return [tf.neg(tf.sum(tf.mul(chosen, logp), 1)), tf.neg(tf.sum(tf.mul(p, logp), 1)), top.indices, top.values];
  });
  const [nll, entropy, topColours, topProbabilities] = await Promise.all(tensors.map((t) => t.data()));
  const chosen = await tokens.data();
  tf.dispose(tensors);
  return { m, tokens: chosen, nll, entropy, topColours, topProbabilities };
}

/** Everything that is known so far of B pictures of T pixels. */
export class Ledger {
  private readonly tokens: Int16Array;
  private readonly nll: Float32Array;
  private readonly entropy: Float32Array;
  private readonly topColours: Int16Array;
  private readonly topProbabilities: Float32Array;

  constructor(
    readonly B: number,
    readonly T: number,
  ) {
    this.tokens = new Int16Array(B * T).fill(UNKNOWN);
    this.nll = new Float32Array(B * T);
    this.entropy = new Float32Array(B * T);
    this.topColours = new Int16Array(B * T * TOP_COLOURS);
    this.topProbabilities = new Float32Array(B * T * TOP_COLOURS);
  }

  /** Takes picture `source` of the statistics as pixels [from, from + m) of picture `target`. */
  write(s: Statistics, source: number, target: number, from: number, m: number): void {
    const k = s.topColours.length / s.tokens.length; // fewer than TOP_COLOURS when the palette is smaller
    for (let i = 0; i < m; i++) {
      const read = source * m + i;
      const at = target * this.T + from + i;
      this.tokens[at] = s.tokens[read];
      this.nll[at] = s.nll[read];
      this.entropy[at] = s.entropy[read];
      for (let j = 0; j < k; j++) {
        this.topColours[at * TOP_COLOURS + j] = s.topColours[read * k + j];
        this.topProbabilities[at * TOP_COLOURS + j] = s.topProbabilities[read * k + j];
      }
    }
  }

  /** The colours of one picture so far. [T] */
  picture(b: number): Int16Array {
    return this.tokens.subarray(b * this.T, (b + 1) * this.T);
  }

  /** Log-likelihood, in nats, of the drawn pixels among [from, to) of one picture. */
  drawnLogLikelihood(picture: number, drawn: Int16Array, from: number, to: number): number {
    let sum = 0;
    for (let i = from; i < to; i++) if (drawn[i] !== UNKNOWN) sum -= this.nll[picture * this.T + i];
    return sum;
  }

  /** Picture b becomes a copy of picture parents[b]. */
  select(parents: number[]): void {
    for (const array of [this.tokens, this.nll, this.entropy, this.topColours, this.topProbabilities]) {
      array.set(picked(array, parents, array.length / this.B, 0, array.length / this.B));
    }
  }

  /** Pixels [from, to) of some of the pictures, as new arrays. */
  update(from: number, to: number, pictures: number[]): CompletionUpdate {
    const part = <A extends Int16Array | Float32Array>(array: A, perPixel = 1) =>
      picked(array, pictures, this.T * perPixel, from * perPixel, to * perPixel);
    return {
      from,
      to,
      tokens: part(this.tokens),
      nll: part(this.nll),
      entropy: part(this.entropy),
      topColours: part(this.topColours, TOP_COLOURS),
      topProbabilities: part(this.topProbabilities, TOP_COLOURS),
    };
  }
}

/** Entries [from, to) of each named picture, one after the other; a picture has `stride` entries. */
function picked<A extends Int16Array | Float32Array>(
  array: A,
  pictures: number[],
  stride: number,
  from: number,
  to: number,
): A {
  const out = array.slice(0, pictures.length * (to - from)) as A;
  pictures.forEach((p, i) => {
    out.set(array.subarray(p * stride + from, p * stride + to), i * (to - from));
  });
  return out;
}
