/** Adds means over positions to a plan. */
import type { PlanBuilder, Range } from '../plan.ts';
import { expand } from './expand.ts';
import code from './pool.wgsl?raw';

export interface Pool {
  label: string;
  /** Pictures, positions, width (a multiple of 4). */
  b: number;
  t: number;
  d: number;
  /** [b, t, d] */
  x: Range;
}

/** Vectors of 4 that a workgroup serves. */
const COLUMNS = 32;

/** out [b, d] = the means of x; on a GPU (lanes > 1, see rows.ts) several threads share a picture's positions. */
export function pool(plan: PlanBuilder, lanes: number, { label, b, t, d, x }: Pool, out: Range): void {
  plan.add({
    label,
    code: expand(code, { COLUMNS, LANES: lanes > 1 ? 8 : 1, SPLIT: lanes > 1 }),
    constants: { T: t, D4: d / 4 },
    ranges: [x, out],
    workgroups: [b, Math.ceil(d / 4 / COLUMNS)],
    flops: b * t * d,
  });
}
