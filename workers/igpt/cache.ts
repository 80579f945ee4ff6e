/**
 * Keys and values of the positions that a decoder has passed, per layer. tfjs tensors cannot be written in place, so a
 * layer keeps two parts: `done`, whole pixel rows, and `row`, the row in progress. Only `row` is copied at a step, and
 * since `done` grows by whole rows only few tensor sizes ever occur (tfjs never gives pooled buffers back).
 */
import * as tf from '@tensorflow/tfjs-core';

interface Part {
  keys: tf.Tensor3D; // [B·H, positions, hd]
  values: tf.Tensor3D;
}

export class KVCache {
  private readonly done: (Part | undefined)[];
  private readonly row: (Part | undefined)[];

  constructor(layers: number) {
    this.done = new Array(layers);
    this.row = new Array(layers);
  }

  /** Takes up the keys and values of the next m positions, [B·H, m, hd], and gives all of them so far, in parts. */
  append(layer: number, k: tf.Tensor3D, v: tf.Tensor3D): { keys: tf.Tensor3D[]; values: tf.Tensor3D[] } {
    const row = joined(this.row[layer], { keys: k, values: v });
    this.row[layer] = row;
    const done = this.done[layer];
    return done
      ? { keys: [done.keys, row.keys], values: [done.values, row.values] }
      : { keys: [row.keys], values: [row.values] };
  }

  /** Ends a pixel row: what was appended joins the rows before it. */
  endRow(): void {
    this.row.forEach((row, layer) => {
      if (!row) return;
      this.done[layer] = joined(this.done[layer], row);
      if (this.done[layer]!.keys !== row.keys) dispose(row);
      this.row[layer] = undefined;
    });
  }

  /** Replaces picture b by a copy of picture parents[b]; H heads a picture. Between rows only. */
  select(parents: number[], H: number): void {
    const index = tf.tensor1d(
      parents.flatMap((p) => Array.from({ length: H }, (_, h) => p * H + h)),
      'int32',
    );
    this.done.forEach((part, layer) => {
      if (!part) return;
      this.done[layer] = {
        keys: tf.keep(tf.gather(part.keys, index)),
        values: tf.keep(tf.gather(part.values, index)),
      };
      dispose(part);
    });
    index.dispose();
  }

  dispose(): void {
    for (const part of [...this.done, ...this.row]) if (part) dispose(part);
    this.done.fill(undefined);
    this.row.fill(undefined);
  }
}

/** `before` and `next` end to end, kept beyond the surrounding tidy; `before` is freed. */
function joined(before: Part | undefined, next: Part): Part {
  if (!before) return { keys: tf.keep(next.keys), values: tf.keep(next.values) };
  const part = {
    keys: tf.keep(tf.concat([before.keys, next.keys], 1)),
    values: tf.keep(tf.concat([before.values, next.values], 1)),
  };
  dispose(before);
  return part;
}

function dispose(part: Part): void {
  part.keys.dispose();
  part.values.dispose();
}
