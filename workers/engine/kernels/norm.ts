/** Adds the RMS norm and its gradients to a plan. */
import type { PlanBuilder, Range } from '../plan.ts';
import { columnSum } from './column-sum.ts';
import { expand } from './expand.ts';
import forward from './norm.wgsl?raw';
import backward from './norm-grad.wgsl?raw';
import { rowDefines, rowGroups } from './rows.ts';

export interface Norm {
  label: string;
  /** Rows and their width, a multiple of 4. */
  m: number;
  d: number;
  epsilon: number;
  /** [m, d]; in f16 where y and all gradients but the gain's are. */
  x: Range;
  /** [d] */
  gain: Range;
}

/** y [m, d] = x · rsqrt(mean(x²) + ε) · gain; lanes as in rows.ts. */
export function norm(plan: PlanBuilder, lanes: number, { label, m, d, epsilon, x, gain }: Norm, y: Range): void {
  const defines = rowDefines(plan, lanes);
  plan.add({
    label,
    code: expand(forward, { ...defines, HALF: x.half ?? false }),
    constants: { M: m, D4: d / 4, EPS: epsilon },
    ranges: [x, gain, y],
    workgroups: rowGroups(m, defines),
    flops: 4 * m * d,
  });
}

export interface NormGradient {
  /** Gradient of the norm's result, [m, d]. */
  dy: Range;
  /** What the residual stream carries past the norm, added to dx. [m, d] */
  carried?: Range;
  /** [m, d] */
  dx: Range;
  /** [d] */
  dgain: Range;
}

export function normGradient(
  plan: PlanBuilder,
  lanes: number,
  { label, m, d, epsilon, x, gain }: Norm,
  { dy, carried, dx, dgain }: NormGradient,
): void {
  const defines = rowDefines(plan, lanes);
  const scale = plan.temporary('scale', m);
  plan.add({
    label,
    code: expand(backward, { ...defines, HALF: x.half ?? false, CARRIED: carried !== undefined }),
    constants: { M: m, D4: d / 4, EPS: epsilon },
    ranges: [x, gain, dy, ...(carried ? [carried] : []), dx, scale],
    workgroups: rowGroups(m, defines),
    flops: 12 * m * d,
  });
  columnSum(plan, { label: `${label} gain`, m, n: d, a: dy, weighted: { b: x, scale } }, dgain);
}
