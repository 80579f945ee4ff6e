/** Adds means over positions, and their way back, to a plan. */
import type { PlanBuilder, Range } from '../plan.ts';
import { expand } from './expand.ts';
import code from './pool.wgsl?raw';
import back from './spread.wgsl?raw';
import { stridingGroups } from './striding.ts';

export interface Pool {
  label: string;
  /** Pictures, positions, width (a multiple of 4). */
  b: number;
  t: number;
  d: number;
  /** [b, t, d], in f32 or f16. */
  x: Range;
}

/** Vectors of 4 that a workgroup serves. */
const COLUMNS = 32;

/** out [b, d] = the means of x; on a GPU (lanes > 1, see rows.ts) several threads share a picture's positions. */
export function pool(plan: PlanBuilder, lanes: number, { label, b, t, d, x }: Pool, out: Range): void {
  plan.add({
    label,
    code: expand(code, { COLUMNS, LANES: lanes > 1 ? 8 : 1, SPLIT: lanes > 1, HALF: x.half ?? false }),
    constants: { T: t, D4: d / 4 },
    ranges: [x, out],
    workgroups: [b, Math.ceil(d / 4 / COLUMNS)],
    flops: b * t * d,
  });
}

/** Gives each position of dx [b, t, d], in f32 or f16, its share of the means' gradient dmean [b, d]; `add`ed to what is there. */
export function spread(
  plan: PlanBuilder,
  { label, b, t, d }: Omit<Pool, 'x'>,
  { dmean, dx, add }: { dmean: Range; dx: Range; add: boolean },
): void {
  const size4 = (b * t * d) / 4;
  plan.add({
    label,
    code: expand(back, { ADD: add, HALF: dx.half ?? false }),
    constants: { T: t, D4: d / 4, SIZE4: size4 },
    ranges: [dmean, dx],
    workgroups: [stridingGroups(size4)],
    flops: 2 * b * t * d,
  });
}
