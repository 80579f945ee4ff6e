/** What a decoder tells of each position, from its logits at temperature 1: entropy and the likeliest colours. */
import { exponentials, rowMax } from './softmax';
import { bytes, fma, lanesBelow, roundUp, total } from './vector';

/**
 * A record a row: log-sum-exp, entropy, then the `top` likeliest colours (int32), then their probabilities; all 4 bytes.
 * logits[rows, V] in rows of roundUp(V, 8) numbers; `weights` has room for one such row.
 */
export function statistics(rows: i32, V: i32, top: i32, logits: usize, weights: usize, records: usize): void {
  const padded = roundUp(V, 8);
  for (let r = 0; r < rows; r++) {
    const most = rowMax(logits, V);
    const sum = exponentials(logits, V, padded, 1, most, weights);
    const lse = most + <f32>Math.log(sum);
    store<f32>(records, lse);
    store<f32>(records, lse - expected(V, weights, logits) / sum, 4);
    const colours = records + 8;
    const probabilities = colours + bytes(top);
    likeliest(V, top, weights, colours, probabilities);
    for (let i = 0; i < top; i++) {
      const at = probabilities + bytes(i);
      store<f32>(at, load<f32>(at) / sum);
    }
    logits += bytes(padded);
    records = probabilities + bytes(top);
  }
}

/** Σ weights · x over n numbers; the numbers up to a whole vector must be there, but do not count. */
function expected(n: i32, weights: usize, x: usize): f32 {
  let sum = f32x4.splat(0);
  for (let i = 0; i < n; i += 4) {
    const at = bytes(i);
    sum = fma(v128.load(weights + at), v128.and(v128.load(x + at), lanesBelow(n - i)), sum);
  }
  return total(sum);
}

/** The `top` largest of n weights above 0 and their places, largest first, the earlier of equals first. */
function likeliest(n: i32, top: i32, weights: usize, places: usize, values: usize): void {
  const last = bytes(top - 1);
  for (let j: usize = 0; j <= last; j += 4) {
    store<i32>(places + j, 0);
    store<f32>(values + j, -1);
  }
  for (let i = 0; i < n; i += 4) {
    const at = weights + bytes(i);
    if (!v128.any_true(f32x4.gt(v128.load(at), v128.load32_splat(values + last)))) continue;
    for (let k = i; k < min(i + 4, n); k++) {
      const w = load<f32>(weights + bytes(k));
      if (!(w > load<f32>(values + last))) continue;
      let j = last;
      for (; j > 0 && w > load<f32>(values + j - 4); j -= 4) {
        store<f32>(values + j, load<f32>(values + j - 4));
        store<i32>(places + j, load<i32>(places + j - 4));
      }
      store<f32>(values + j, w);
      store<i32>(places + j, k);
    }
  }
}

/** out[V] = e^((logits − their maximum) / temperature), for drawing a colour. */
export function drawingWeights(V: i32, temperature: f32, logits: usize, out: usize): void {
  const scale: f32 = 1 / temperature;
  exponentials(logits, V, roundUp(V, 8), scale, rowMax(logits, V) * scale, out);
}
