/**
 * RMS norm, y = x · rsqrt(mean(x²) + ε) · g, a row at a time, and its gradient. Nothing is kept for the gradient: the
 * scale of a row is cheaper to make again than to store. Rows of d numbers, d a multiple of 4.
 */
import { bytes, fma, total } from './vector';

/** rsqrt(mean(x²) + ε) of one row. */
function scaleOf(d: i32, x: usize, epsilon: f32): f32 {
  let squares = f32x4.splat(0);
  for (let i: usize = 0, end = bytes(d); i < end; i += 16) {
    const v = v128.load(x + i);
    squares = fma(v, v, squares);
  }
  return 1 / sqrt<f32>(total(squares) / <f32>d + epsilon);
}

/** y[rows, d] of x[rows, d] and gain[d]. */
export function norm(rows: i32, d: i32, x: usize, gain: usize, y: usize, epsilon: f32): void {
  const end = bytes(d);
  for (let r = 0; r < rows; r++) {
    const scale = f32x4.splat(scaleOf(d, x, epsilon));
    for (let i: usize = 0; i < end; i += 16) {
      v128.store(y + i, f32x4.mul(f32x4.mul(v128.load(x + i), scale), v128.load(gain + i)));
    }
    x += end;
    y += end;
  }
}

/**
 * dx += s g dy − x s³ / d Σ(dy g x) and dgain += Σ over rows of dy x s, with s the scale of the row. The sum in dx is the
 * norm's own residual connection: dx already holds the gradient that went past it.
 */
export function normGradient(
  rows: i32,
  d: i32,
  x: usize,
  gain: usize,
  dy: usize,
  dx: usize,
  dgain: usize,
  epsilon: f32,
): void {
  const end = bytes(d);
  for (let r = 0; r < rows; r++) {
    const s = scaleOf(d, x, epsilon);
    const scale = f32x4.splat(s);
    let dot = f32x4.splat(0);
    for (let i: usize = 0; i < end; i += 16) {
      const xdy = f32x4.mul(v128.load(x + i), v128.load(dy + i));
      dot = fma(xdy, v128.load(gain + i), dot);
      v128.store(dgain + i, fma(xdy, scale, v128.load(dgain + i)));
    }
    const back = f32x4.splat((-total(dot) * s * s * s) / <f32>d);
    for (let i: usize = 0; i < end; i += 16) {
      const direct = f32x4.mul(f32x4.mul(v128.load(dy + i), v128.load(gain + i)), scale);
      v128.store(dx + i, f32x4.add(v128.load(dx + i), fma(v128.load(x + i), back, direct)));
    }
    x += end;
    dy += end;
    dx += end;
  }
}
