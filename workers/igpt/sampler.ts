/**
 * Draws a colour from logits, in tfjs ops, so that the choice never leaves the GPU between steps. tf.multinomial is no
 * use: it returns class 0 for the first sample of every draw (tensorflow/tfjs#8057). Temperature first, then top-k,
 * then top-p on what is left, as transformers does.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Sampling } from '../contract.ts';

export type SamplerSettings = Pick<Sampling, 'temperature' | 'topK' | 'topP'>;

/**
 * One colour for each row by inverse transform: the first whose cumulative probability exceeds the row's uniform number.
 * logits f32 [B, V]; uniforms f32 [B] in [0, 1) with 23 bits; gives int32 [B].
 */
export function sample(logits: tf.Tensor2D, uniforms: tf.Tensor1D, settings: SamplerSettings): tf.Tensor1D {
  return tf.tidy(() => {
    if (settings.temperature === 0) return tf.argMax(logits, 1) as tf.Tensor1D;
    const cdf = tf.cumsum(filtered(logits, settings), 1) as tf.Tensor2D;
    const [B, V] = cdf.shape;
    const total = tf.slice(cdf, [0, V - 1], [B, 1]);
    const passed = tf.lessEqual(cdf, tf.mul(tf.reshape(uniforms, [B, 1]), total));
    return tf.sum(tf.cast(passed, 'int32'), 1) as tf.Tensor1D;
  });
}

/** Probabilities, not normalised after top-k and top-p: 0 for the colours that these leave out. [B, V] */
function filtered(logits: tf.Tensor2D, { temperature, topK, topP }: SamplerSettings): tf.Tensor2D {
  const [B, V] = logits.shape;
  let p = tf.softmax(tf.div(logits, temperature)) as tf.Tensor2D;
  if (topK === 0 && topP === 1) return p;
  const kept = topK > 0 ? Math.min(topK, V) : V;
  const sorted = tf.topk(p, kept).values as tf.Tensor2D; // [B, kept], descending
  const least = tf.slice(sorted, [0, kept - 1], [B, 1]);
  p = tf.where(tf.greaterEqual(p, least), p, tf.zerosLike(p));
  if (topP === 1) return p;
  const mass = tf.mul(tf.sum(sorted, 1, true), topP);
  const before = tf.cumsum(sorted, 1, true); // mass of the likelier colours
  const inside = tf.where(tf.less(before, mass), sorted, tf.onesLike(sorted));
  return tf.where(tf.greaterEqual(p, tf.min(inside, 1, true)), p, tf.zerosLike(p));
}
