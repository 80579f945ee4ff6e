/**
 * The given pixels as keys and values of every layer, computed once by the reference on tfjs's current backend, so that
 * a peer needs no second graph for them: what is timed begins at the first unknown pixel on every side.
 */
import * as tf from '@tensorflow/tfjs-core';
import { KVCache } from '../../workers/igpt/cache.ts';
import { ImageGPT } from '../../workers/igpt/reference.ts';
import { picture, type Workload, weightsOf } from '../workload.ts';

export interface Prefix {
  /** Of each layer, [H, given, hd]. */
  keys: Float32Array[];
  values: Float32Array[];
  /** The whole picture, whose first pixels are the given ones. */
  tokens: Int16Array;
}

/** A cache that lets its content be read. */
class OpenCache extends KVCache {
  readonly keys: tf.Tensor3D[] = [];
  readonly values: tf.Tensor3D[] = [];

  override append(layer: number, k: tf.Tensor3D, v: tf.Tensor3D): { keys: tf.Tensor3D[]; values: tf.Tensor3D[] } {
    this.keys[layer] = tf.keep(tf.clone(k));
    this.values[layer] = tf.keep(tf.clone(v));
    return super.append(layer, k, v);
  }
}

export async function prefixOf({ config, given }: Workload): Promise<Prefix> {
  const tokens = picture(config, 7);
  const model = new ImageGPT(config, weightsOf(config));
  const cache = new OpenCache(config.n_layer);
  const inputs = [config.n_colours, ...tokens.subarray(0, given - 1)];
  const x = tf.tensor2d(Int32Array.from(inputs), [1, given], 'int32');
  model.extend(x, 0, cache).dispose();
  const read = (list: tf.Tensor3D[]) => Promise.all(list.map(async (t) => Float32Array.from(await t.data())));
  const [keys, values] = [await read(cache.keys), await read(cache.values)];
  tf.dispose([x, ...cache.keys, ...cache.values]);
  cache.dispose();
  model.dispose();
  return { keys, values, tokens };
}
