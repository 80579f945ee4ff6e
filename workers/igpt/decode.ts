/**
 * Completes a picture: samples the unknown pixels in raster order, B variants as one batch over a KV cache. Known pixels
 * may lie anywhere; runs of them pass through the model at once, and the whole rows before the first unknown pixel only
 * once for all variants that begin alike. The chosen colour feeds the next step without leaving the backend; results are read back a
 * pixel row at a time.
 */
import * as tf from '@tensorflow/tfjs-core';
import { type CompletionUpdate, type Sampling, UNKNOWN } from '../contract.ts';
import { Aborted, BadInput } from '../errors.ts';
import { KVCache } from './cache.ts';
import { type Config, SOS, sideOf, startRow } from './config.ts';
import { Ledger, readStatistics } from './ledger.ts';
import { LookAhead, particleCount } from './look-ahead.ts';
import { uniform } from './random.ts';
import type { ImageGPT } from './reference.ts';
import { sample } from './sampler.ts';

/**
 * Yields the pixels decided so far, row after row, and once more from 0 when look-ahead has rearranged the variants.
 * Returns how often it did. tokens: [T], UNKNOWN where the model is to choose. `breathe` is awaited after each row, so
 * that a cancel can arrive. Throws Aborted when the signal says so, BadInput for tokens that are not of this model.
 */
export async function* decode(
  model: ImageGPT,
  tokens: Int16Array,
  sampling: Sampling,
  signal: AbortSignal,
  breathe: () => Promise<void>,
): AsyncGenerator<CompletionUpdate, number> {
  const { n_positions: T, n_head: H, n_colours: V, n_layer } = model.config;
  checkTokens(tokens, T, V);
  const first = firstRows(model.config, sampling);
  const side = sideOf(model.config);
  const B = particleCount(sampling);
  const shown = Array.from({ length: sampling.variants }, (_, i) => i);
  const prefix = sharedPrefix(tokens, side, first);

  const ledger = new Ledger(B, T);
  const cache = new KVCache(n_layer);
  let previous: tf.Tensor2D | undefined; // [B, 1], the pixel before the next position
  try {
    if (prefix > 0) {
      const given = tf.tensor2d(Int32Array.from(tokens.subarray(0, prefix)), [1, prefix], 'int32');
      const logits = tf.tidy(() => model.extend(prefixInputs(given, first[0]), 0, cache));
      const stats = await readStatistics(logits, given);
      tf.dispose([given, logits]);
      for (let b = 0; b < B; b++) ledger.write(stats, 0, b, 0, prefix);
      cache.endRow();
      cache.select(new Array(B).fill(0), H);
      yield ledger.update(0, prefix, shown);
      if (signal.aborted) throw new Aborted();
    }
    const before = first.map((row) => (prefix > 0 ? tokens[prefix - 1] : row));
    previous = tf.tensor2d(before, [B, 1], 'int32');

    const lookAhead = sampling.lookAhead ? new LookAhead(tokens, B, sampling) : undefined;
    for (let from = prefix; from < T; from += side) {
      const row = decodeRow(model, tokens, sampling, cache, previous, from, side);
      previous.dispose();
      previous = row.previous;
      const stats = await readStatistics(row.logits, row.tokens);
      tf.dispose([row.logits, row.tokens]);
      cache.endRow();
      for (let b = 0; b < B; b++) ledger.write(stats, b, b, from, side);
      await breathe();
      if (signal.aborted) throw new Aborted();

      const parents = lookAhead?.afterRow(ledger, from, side);
      if (parents) {
        cache.select(parents, H);
        ledger.select(parents);
        const index = tf.tensor1d(parents, 'int32');
        const selected: tf.Tensor2D = tf.gather(previous, index);
        tf.dispose([previous, index]);
        previous = selected;
      }
      yield ledger.update(parents ? 0 : from, from + side, shown);
    }
    if (lookAhead) yield ledger.update(0, T, lookAhead.chosen(ledger));
    return lookAhead?.resampled ?? 0;
  } finally {
    previous?.dispose();
    cache.dispose();
  }
}

/** Throws BadInput unless tokens are T colours below V, or UNKNOWN. */
export function checkTokens(tokens: Int16Array, T: number, V: number): void {
  if (tokens.length !== T) throw new BadInput(`The drawing has ${tokens.length} pixels, but this model needs ${T}.`);
  const wrong = tokens.findIndex((t) => t !== UNKNOWN && (t < 0 || t >= V));
  if (wrong >= 0) throw new BadInput(`Pixel ${wrong} has colour ${tokens[wrong]}, but this palette has ${V} colours.`);
}

/**
 * The row of wte that each picture begins with, look-ahead's particles counted. [particleCount]
 * @throws BadInput for a class that the model does not know, and for several with look-ahead, which chooses among pictures
 */
export function firstRows(config: Config, sampling: Sampling): number[] {
  const { starts = [SOS], lookAhead } = sampling;
  if (lookAhead && new Set(starts).size > 1) {
    throw new BadInput('Look-ahead chooses among pictures that begin alike: take one class for all variants.');
  }
  try {
    return Array.from({ length: particleCount(sampling) }, (_, b) => startRow(config, starts[b % starts.length]));
  } catch (error) {
    throw error instanceof RangeError ? new BadInput(error.message) : error;
  }
}

/** Pixels in whole rows before the first unknown one, if all pictures have them alike; `first` as firstRows() gives it. */
export function sharedPrefix(tokens: Int16Array, side: number, first: number[]): number {
  if (first.some((row) => row !== first[0])) return 0;
  const firstUnknown = tokens.indexOf(UNKNOWN);
  return firstUnknown < 0 ? tokens.length : firstUnknown - (firstUnknown % side);
}

/** The start symbol or class, then the given pixels without the last. [1, m] */
function prefixInputs(given: tf.Tensor2D, start: number): tf.Tensor2D {
  const sos = tf.fill([1, 1], start, 'int32') as tf.Tensor2D;
  return tf.concat([sos, tf.slice(given, [0, 0], [1, given.shape[1] - 1])], 1);
}

interface Row {
  logits: tf.Tensor3D; // [B, side, V]
  tokens: tf.Tensor2D; // int32 [B, side]
  previous: tf.Tensor2D; // int32 [B, 1], the row's last pixel
}

/** One pixel row: runs of known pixels at once, unknown ones step by step. `previous` stays the caller's. */
function decodeRow(
  model: ImageGPT,
  known: Int16Array,
  settings: Sampling,
  cache: KVCache,
  before: tf.Tensor2D,
  from: number,
  side: number,
): Row {
  const B = before.shape[0];
  const V = model.config.n_colours;
  return tf.tidy(() => {
    const logits: tf.Tensor3D[] = [];
    const tokens: tf.Tensor2D[] = [];
    let previous = before;
    for (let i = from; i < from + side; ) {
      let end = i;
      while (end < from + side && known[end] !== UNKNOWN) end++;
      const m = Math.max(1, end - i);
      if (end > i) {
        const run = tf.tile(tf.tensor2d(Int32Array.from(known.subarray(i, end)), [1, m], 'int32'), [B, 1]);
        const inputs = m === 1 ? previous : tf.concat([previous, tf.slice(run, [0, 0], [B, m - 1])], 1);
        logits.push(model.extend(inputs, i, cache));
        tokens.push(run);
        previous = tf.slice(run, [0, m - 1], [B, 1]);
      } else {
        const next = model.extend(previous, i, cache);
        const uniforms = tf.tensor1d(Array.from({ length: B }, (_, b) => uniform(settings.seed, b, i)));
        previous = tf.reshape(sample(tf.reshape(next, [B, V]), uniforms, settings), [B, 1]);
        logits.push(next);
        tokens.push(previous);
      }
      i += m;
    }
    return { logits: tf.concat(logits, 1), tokens: tf.concat(tokens, 1), previous: tf.clone(previous) };
  });
}
