/** Adds matrix products to a plan: layout, epilogue and tile chosen here, the arithmetic in the two WGSL files. */
import type { PlanBuilder, Range } from '../plan.ts';
import { expand } from './expand.ts';
import quads from './matmul.wgsl?raw';
import any from './matmul-any.wgsl?raw';

/** How a product is cut up: WX × WY threads, each TM rows × TN vec4 columns; BK deep through shared memory, or 0: without. */
export interface Tile {
  wx: number;
  wy: number;
  tm: number;
  tn: number;
  bk: number;
}

/** The short list to choose from by timing. TM must be a multiple of 4 (TN products read A's rows four at a time). */
export const TILES: Tile[] = [
  { wx: 8, wy: 8, tm: 4, tn: 2, bk: 0 },
  { wx: 8, wy: 4, tm: 8, tn: 1, bk: 0 },
  { wx: 1, wy: 32, tm: 4, tn: 2, bk: 0 },
  { wx: 4, wy: 4, tm: 8, tn: 2, bk: 0 },
  { wx: 8, wy: 8, tm: 4, tn: 1, bk: 16 },
  { wx: 16, wy: 16, tm: 4, tn: 1, bk: 16 },
  { wx: 8, wy: 16, tm: 8, tn: 2, bk: 16 },
];

export interface Matmul {
  label: string;
  /**
   * op(A) is [m, k], op(B) is [k, n]. All matrices are f32, or else f16, but for c, which may be f32 in any case; the bias is
   * f32. f16 is for sizes that go by fours.
   */
  m: number;
  n: number;
  k: number;
  a: Range;
  b: Range;
  c: Range;
  /** A is stored [k, m]. */
  transposeA?: boolean;
  /** B is stored [n, k]. */
  transposeB?: boolean;
  /** [n] */
  bias?: Range;
  /** [m, n], added. */
  residual?: Range;
  /** [m, n], the pre-activation at which the quick GELU's derivative multiplies the result. */
  geluGradAt?: Range;
  /** [m, n], receives the quick GELU of the result. */
  activated?: Range;
}

/**
 * C = op(A) · op(B) with its epilogue; what is written may be none of the inputs. Throws RangeError for a size in f16 that no
 * kernel serves.
 */
export function matmul(plan: PlanBuilder, tile: Tile, product: Matmul): void {
  const { label, m, n, k, a, b, c, bias, activated } = product;
  const transA = product.transposeA ?? false;
  const extra = product.residual ?? product.geluGradAt;
  const byFour = n % 4 === 0 && (transA ? m : k) % 4 === 0;
  const half = a.half ?? false;
  if (half && !byFour) throw new RangeError(`${label}: in f16 a product of ${m} × ${k} by ${k} × ${n} has no kernel.`);
  const options = {
    TRANS_A: transA,
    TRANS_B: product.transposeB ?? false,
    BIAS: bias !== undefined,
    EXTRA: extra !== undefined,
    RESIDUAL: product.residual !== undefined,
    GELU_GRAD: product.geluGradAt !== undefined,
    ACTIVATED: product.activated !== undefined,
  };
  const { wx, wy, tm, tn, bk } = tile;
  const quad = { WX: wx, WY: wy, TM: tm, TN: tn, TM4: tm / 4, BK: bk, SHARED: bk > 0, HALF: half, WHOLE: !c.half };
  plan.add({
    label,
    code: byFour ? expand(quads, { ...options, ...quad }) : expand(any, options),
    constants: { M: m, N: n, K: k },
    ranges: [a, b, ...(bias ? [bias] : []), ...(extra ? [extra] : []), c, ...(activated ? [activated] : [])],
    workgroups: byFour
      ? [Math.ceil(n / (4 * wx * tn)), Math.ceil(m / (wy * tm))]
      : [Math.ceil(n / 8), Math.ceil(m / 8)],
    workgroup: byFour ? { threads: wx * wy, bytes: 4 * bk * (wy * tm + 4 * wx * tn) } : undefined,
    flops: 2 * m * n * k,
  });
}
