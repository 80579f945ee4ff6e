/** Adds a linear layer for few rows, as in decoding, to a plan. */
import type { PlanBuilder, Range } from '../plan.ts';
import { expand } from './expand.ts';
import code from './linear.wgsl?raw';

export interface Linear {
  label: string;
  m: number;
  k: number;
  n: number;
  /** [m, k] */
  x: Range;
  /** [k, n], or [n, k] if `transposed`. */
  w: Range;
  transposed?: boolean;
  /** [m, n]; with `cache` the queries alone, [m, n / 3]. */
  y: Range;
  /** [n] */
  bias?: Range;
  /** [m, n] */
  residual?: Range;
  /** The RMS norm that x goes through first: its gain [k]. */
  norm?: { gain: Range; epsilon: number };
  /** Apply the quick GELU to x as it is read. */
  geluA?: boolean;
  /** w, bias, gain and the caches are f16. */
  half?: boolean;
  /** Where the thirds of keys and values go: [B, heads, positions, hd], at state[0] + row % rows. */
  cache?: { keys: Range; values: Range; state: Range; positions: number; heads: number; rows: number };
}

/** How a layer is divided: `parts` threads make `rows` rows of four columns. */
export interface LinearTuning {
  rows: number;
  parts: number;
}

/** Columns, in vec4, of a workgroup; and how many times `rows` rows, where one thread makes a result alone. */
const [WX, ROWS_ALONE] = [8, 4];

/** k and n must be multiples of 4. */
export function linear(plan: PlanBuilder, { rows, parts }: LinearTuning, layer: Linear): void {
  const { label, m, k, n, x, w, y, bias, residual, norm, cache } = layer;
  const tm = Math.min(rows, m);
  const wy = parts > 1 ? 1 : ROWS_ALONE;
  plan.add({
    label,
    code: expand(code, {
      WX,
      WY: wy,
      TM: tm,
      PARTS: parts,
      SPLIT: parts > 1,
      NORM: norm !== undefined,
      BIAS: bias !== undefined,
      RESIDUAL: residual !== undefined,
      GELU_A: layer.geluA ?? false,
      TRANS_B: layer.transposed ?? false,
      QKV: cache !== undefined,
      HALF: layer.half ?? false,
    }),
    constants: {
      M: m,
      N: n,
      K: k,
      ...(norm ? { EPS: norm.epsilon } : {}),
      ...(cache ? { T: cache.positions, H: cache.heads, ROWS: cache.rows } : {}),
    },
    ranges: [
      x,
      w,
      ...(norm ? [norm.gain] : []),
      ...(bias ? [bias] : []),
      ...(residual ? [residual] : []),
      y,
      ...(cache ? [cache.keys, cache.values, cache.state] : []),
    ],
    workgroups: [Math.ceil(n / 4 / WX), Math.ceil(m / tm / wy)],
    workgroup: { threads: WX * wy * parts, bytes: parts > 1 ? 20 * parts * tm * WX : 0 },
    flops: 2 * m * n * k,
  });
}
