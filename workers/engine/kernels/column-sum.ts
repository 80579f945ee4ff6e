/** Adds sums over rows to a plan, in two stages so that many threads share the rows. */
import type { PlanBuilder, Range } from '../plan.ts';
import code from './column-sum.wgsl?raw';
import { expand } from './expand.ts';

export interface ColumnSum {
  label: string;
  m: number;
  /** A multiple of 4. */
  n: number;
  /** [m, n], in f32 or f16. */
  a: Range;
  /** Multiplies a by b [m, n], of the same type, and by scale [m]. */
  weighted?: { b: Range; scale: Range };
}

/** out [n], in f32 = Σ over the m rows. */
export function columnSum(plan: PlanBuilder, { label, m, n, a, weighted }: ColumnSum, out: Range): void {
  const each = Math.ceil(Math.sqrt(m));
  const chunks = Math.ceil(m / each);
  const part = plan.temporary('part', chunks * n);
  const groups = Math.ceil(n / 4 / 32);
  plan.add({
    label,
    code: expand(code, { WEIGHTED: weighted !== undefined, HALF: a.half ?? false }),
    constants: { M: m, N4: n / 4, EACH: each },
    ranges: [a, ...(weighted ? [weighted.b, weighted.scale] : []), part],
    workgroups: [groups, chunks],
    flops: (weighted ? 3 : 1) * m * n,
  });
  plan.add({
    label: `${label} sum`,
    code: expand(code, { WEIGHTED: false, HALF: false }),
    constants: { M: chunks, N4: n / 4, EACH: chunks },
    ranges: [part, out],
    workgroups: [groups],
    flops: chunks * n,
  });
}
