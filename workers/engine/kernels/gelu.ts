/** Adds the quick GELU by itself to a plan: the backward pass makes again what it did not keep. */
import type { PlanBuilder, Range } from '../plan.ts';
import { expand } from './expand.ts';
import code from './gelu.wgsl?raw';

const MOST_GROUPS = 4096;

export function gelu(plan: PlanBuilder, label: string, x: Range, y: Range): void {
  const size4 = x.bytes / 16;
  plan.add({
    label,
    code: expand(code, {}),
    constants: { SIZE4: size4 },
    ranges: [x, y],
    workgroups: [Math.min(MOST_GROUPS, Math.ceil(size4 / 64))],
    flops: 20 * size4,
  });
}
