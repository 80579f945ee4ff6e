/**
 * Arithmetic on four f32 lanes that WebAssembly lacks: multiply-add, exp, sums across lanes, masks of a row's end.
 */

/** a · b + c; one rounding instead of two where the engine has relaxed SIMD and the processor a fused instruction. */
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/**
 * e^x within 2 units of the last place; 1e-38 below -87, finite above 88. Cephes' expf: x = n ln 2 + r, a polynomial for
 * e^r, and n written into the exponent. Adding 1.5 · 2^23 rounds to the nearest whole n and leaves n in the low bits.
 */
export function exp(x: v128): v128 {
  const clamped = f32x4.max(f32x4.min(x, f32x4.splat(88.0)), f32x4.splat(-87.3));
  const shifted = fma(clamped, f32x4.splat(Mathf.LOG2E), f32x4.splat(12582912.0));
  const n = f32x4.sub(shifted, f32x4.splat(12582912.0));
  let r = fma(n, f32x4.splat(-0.693359375), clamped);
  r = fma(n, f32x4.splat(2.1219444e-4), r);
  let p = fma(r, f32x4.splat(1.98756915e-4), f32x4.splat(1.3981999507e-3));
  p = fma(p, r, f32x4.splat(8.3334519073e-3));
  p = fma(p, r, f32x4.splat(4.1665795894e-2));
  p = fma(p, r, f32x4.splat(1.6666665459e-1));
  p = fma(p, r, f32x4.splat(5.0000001201e-1));
  p = fma(f32x4.mul(r, r), p, f32x4.add(r, f32x4.splat(1.0)));
  const power = i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(0x3f800000));
  return f32x4.mul(p, power);
}

/** 1 / (1 + e^(-1.702 x)): the sigmoid of quick GELU. */
export function quickSigmoid(x: v128): v128 {
  const one = f32x4.splat(1.0);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.mul(x, f32x4.splat(-1.702)))));
}

/** The sum of the four lanes. */
export function total(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** The largest of the four lanes. */
export function largest(x: v128): f32 {
  const pairs = f32x4.max(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return max<f32>(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}

/** All bits set in the lanes below `valid`, none in the others. */
export function lanesBelow(valid: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(valid));
}

export function roundUp(n: i32, multiple: i32): i32 {
  return (n + multiple - 1) & -multiple;
}

/** The bytes that n numbers take. */
export function bytes(n: i32): usize {
  return (<usize>n) << 2;
}
