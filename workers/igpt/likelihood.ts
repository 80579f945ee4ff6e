/** Per-pixel likelihood of whole pictures under the model. */
import * as tf from '@tensorflow/tfjs-core';
import type { ImageGPT } from './reference.ts';

/**
 * −log p(x_i | x_<i) of every pixel, in nats, [B, T] row-major; tokens int, [B, T] row-major, and the classes that the
 * pictures begin with, [B]. Bits per pixel are nats divided by ln 2.
 */
export async function nll(model: ImageGPT, tokens: Int16Array, starts?: ArrayLike<number>): Promise<Float32Array> {
  const { n_positions: T, n_colours: V } = model.config;
  const B = tokens.length / T;
  const result = tf.tidy(() => {
    const x = tf.tensor2d(Int32Array.from(tokens), [B, T], 'int32');
    const logp = tf.logSoftmax(tf.reshape(model.forward(x, starts), [B * T, V])); // [B·T, V]
    return tf.neg(tf.sum(tf.mul(tf.oneHot(tf.reshape(x, [B * T]), V), logp), 1));
  });
  const values = (await result.data()) as Float32Array;
  result.dispose();
  return values;
}
