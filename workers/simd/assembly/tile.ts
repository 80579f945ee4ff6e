/**
 * The inner loop of every matrix product here: C[4, 8] = A[4, k] B[k, 8], eight accumulators in registers. For each k it
 * loads two vectors of B and four broadcast numbers of A for eight multiply-adds, which keeps both multiply-add units of
 * a present-day processor busy; six rows are 8 % faster with fused multiply-add but spill registers, and lose a third,
 * without. A is read through any two strides, so the same loop serves A and Aᵀ.
 */
import { fma, quickSigmoid } from './vector';

/**
 * Rows beyond `rows` repeat the last one, so that nothing outside A is read. All strides are in bytes. Of the epilogue's
 * addresses 0 leaves the part out:
 *
 *   c = (a b + bias[8]) ∘ mul[4, 8] + add[4, 8];  act = quick GELU of c
 *
 * mul, add and act have the strides of c; add may be c itself.
 */
export function tile(
  rows: i32,
  k: i32,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  c: usize,
  cRow: usize,
  bias: usize,
  mul: usize,
  add: usize,
  act: usize,
): void {
  let a0 = a;
  let a1 = rows > 1 ? a0 + aRow : a0;
  let a2 = rows > 2 ? a1 + aRow : a1;
  let a3 = rows > 3 ? a2 + aRow : a2;
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  for (let i = 0; i < k; i++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a0);
    c00 = fma(x, b0, c00);
    c01 = fma(x, b1, c01);
    x = v128.load32_splat(a1);
    c10 = fma(x, b0, c10);
    c11 = fma(x, b1, c11);
    x = v128.load32_splat(a2);
    c20 = fma(x, b0, c20);
    c21 = fma(x, b1, c21);
    x = v128.load32_splat(a3);
    c30 = fma(x, b0, c30);
    c31 = fma(x, b1, c31);
    a0 += aStep;
    a1 += aStep;
    a2 += aStep;
    a3 += aStep;
    b += bStep;
  }
  if (bias) {
    const b0 = v128.load(bias);
    const b1 = v128.load(bias, 16);
    c00 = f32x4.add(c00, b0);
    c01 = f32x4.add(c01, b1);
    c10 = f32x4.add(c10, b0);
    c11 = f32x4.add(c11, b1);
    c20 = f32x4.add(c20, b0);
    c21 = f32x4.add(c21, b1);
    c30 = f32x4.add(c30, b0);
    c31 = f32x4.add(c31, b1);
  }
  if (mul) {
    c00 = f32x4.mul(c00, v128.load(mul));
    c01 = f32x4.mul(c01, v128.load(mul, 16));
    mul += cRow;
    c10 = f32x4.mul(c10, v128.load(mul));
    c11 = f32x4.mul(c11, v128.load(mul, 16));
    mul += cRow;
    c20 = f32x4.mul(c20, v128.load(mul));
    c21 = f32x4.mul(c21, v128.load(mul, 16));
    mul += cRow;
    c30 = f32x4.mul(c30, v128.load(mul));
    c31 = f32x4.mul(c31, v128.load(mul, 16));
  }
  if (add) {
    c00 = f32x4.add(c00, v128.load(add));
    c01 = f32x4.add(c01, v128.load(add, 16));
    add += cRow;
    c10 = f32x4.add(c10, v128.load(add));
    c11 = f32x4.add(c11, v128.load(add, 16));
    add += cRow;
    c20 = f32x4.add(c20, v128.load(add));
    c21 = f32x4.add(c21, v128.load(add, 16));
    add += cRow;
    c30 = f32x4.add(c30, v128.load(add));
    c31 = f32x4.add(c31, v128.load(add, 16));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += cRow;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += cRow;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += cRow;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  if (act) {
    activate(act, c00);
    activate(act + 16, c01);
    act += cRow;
    activate(act, c10);
    activate(act + 16, c11);
    act += cRow;
    activate(act, c20);
    activate(act + 16, c21);
    act += cRow;
    activate(act, c30);
    activate(act + 16, c31);
  }
}

function activate(at: usize, x: v128): void {
  v128.store(at, f32x4.mul(x, quickSigmoid(x)));
}
