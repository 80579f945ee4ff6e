/** Softmax of a row in place, and its gradient, for rows that are padded to whole vectors. */
import { bytes, exp, fma, lanesBelow, largest, total } from './vector';

/** Below any score, and safe to multiply and to subtract. */
const LOWEST: f32 = -3.0e38;

/** The largest of the first n numbers of a row. */
export function rowMax(row: usize, n: i32): f32 {
  let top = f32x4.splat(LOWEST);
  const whole = n & -4;
  for (let i = 0; i < whole; i += 4) top = f32x4.max(top, v128.load(row + bytes(i)));
  if (whole < n) {
    const rest = v128.load(row + bytes(whole));
    top = f32x4.max(top, v128.bitselect(rest, f32x4.splat(LOWEST), lanesBelow(n - whole)));
  }
  return largest(top);
}

/**
 * out = e^(scale · row − offset) for the first n numbers and 0 from there to `padded`, a multiple of 4. Gives the sum.
 * out may be the row itself.
 */
export function exponentials(row: usize, n: i32, padded: i32, scale: f32, offset: f32, out: usize): f32 {
  const factor = f32x4.splat(scale);
  const shift = f32x4.splat(-offset);
  let sum = f32x4.splat(0);
  const whole = n & -4;
  for (let i = 0; i < whole; i += 4) {
    const e = exp(fma(v128.load(row + bytes(i)), factor, shift));
    sum = f32x4.add(sum, e);
    v128.store(out + bytes(i), e);
  }
  let i = whole;
  if (whole < n) {
    const rest = exp(fma(v128.load(row + bytes(whole)), factor, shift));
    const e = v128.and(rest, lanesBelow(n - whole));
    sum = f32x4.add(sum, e);
    v128.store(out + bytes(whole), e);
    i += 4;
  }
  for (; i < padded; i += 4) v128.store(out + bytes(i), f32x4.splat(0));
  return total(sum);
}

/** row *= factor, over `padded` numbers, a multiple of 4. */
export function scaleRow(row: usize, padded: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  for (let i: usize = 0, end = bytes(padded); i < end; i += 16) v128.store(row + i, f32x4.mul(v128.load(row + i), f));
}

/** dp = p ∘ (dp − delta) · scale over `padded` numbers: the gradient of the scores before scaling. */
export function softmaxGradient(p: usize, dp: usize, padded: i32, delta: f32, scale: f32): void {
  const less = f32x4.splat(delta);
  const factor = f32x4.splat(scale);
  for (let i: usize = 0, end = bytes(padded); i < end; i += 16) {
    const centred = f32x4.sub(v128.load(dp + i), less);
    v128.store(dp + i, f32x4.mul(f32x4.mul(v128.load(p + i), centred), factor));
  }
}
