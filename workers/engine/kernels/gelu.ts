/** Adds the quick GELU by itself to a plan: the backward pass makes again what it did not keep. */
import { type PlanBuilder, quadsOf, type Range } from '../plan.ts';
import { expand } from './expand.ts';
import code from './gelu.wgsl?raw';
import { stridingGroups } from './striding.ts';

/** Both in f32, or both in f16. */
export function gelu(plan: PlanBuilder, label: string, x: Range, y: Range): void {
  const size4 = quadsOf(x);
  plan.add({
    label,
    code: expand(code, { HALF: x.half ?? false }),
    constants: { SIZE4: size4 },
    ranges: [x, y],
    workgroups: [stridingGroups(size4)],
    flops: 20 * size4,
  });
}
