/** The update: the gradient's norm, and AdamW (Loshchilov & Hutter 2019) in one pass over a parameter and its means. */
import { bytes, fma, total } from './vector';

/** Numbers summed in f32 before the sum goes on in f64: rounding then stays far below the norm's own last place. */
const BLOCK: usize = 256 * 4;

/** Σ x² of n numbers, a multiple of 4. */
export function squares(n: i32, x: usize): f64 {
  let sum: f64 = 0;
  const end = x + bytes(n);
  while (x < end) {
    const stop = min(end, x + BLOCK);
    let block = f32x4.splat(0);
    for (; x < stop; x += 16) {
      const v = v128.load(x);
      block = fma(v, v, block);
    }
    sum += <f64>total(block);
  }
  return sum;
}

/**
 * n numbers, a multiple of 4; the gradient counts `scale` times (clipping). `keep` is what decay leaves of a weight,
 * 1 − rate · decay; meanBias and squareBias are 1 − β^step.
 */
export function adamw(
  n: i32,
  weight: usize,
  gradient: usize,
  mean: usize,
  square: usize,
  scale: f32,
  rate: f32,
  keep: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  meanBias: f32,
  squareBias: f32,
): void {
  for (let i: usize = 0, end = bytes(n); i < end; i += 16) {
    const g = f32x4.mul(v128.load(gradient + i), f32x4.splat(scale));
    const m = fma(g, f32x4.splat(1 - beta1), f32x4.mul(v128.load(mean + i), f32x4.splat(beta1)));
    const s = fma(f32x4.mul(g, g), f32x4.splat(1 - beta2), f32x4.mul(v128.load(square + i), f32x4.splat(beta2)));
    v128.store(mean + i, m);
    v128.store(square + i, s);
    const deviation = f32x4.sqrt(f32x4.div(s, f32x4.splat(squareBias)));
    const unbiased = f32x4.div(m, f32x4.splat(meanBias));
    const step = f32x4.div(unbiased, f32x4.add(deviation, f32x4.splat(epsilon)));
    const kept = f32x4.mul(v128.load(weight + i), f32x4.splat(keep));
    v128.store(weight + i, f32x4.sub(kept, f32x4.mul(step, f32x4.splat(rate))));
  }
}
