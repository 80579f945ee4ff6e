/** Adds one vector to another. */
import type { PlanBuilder, Range } from '../plan.ts';
import code from './add.wgsl?raw';
import { expand } from './expand.ts';
import { stridingGroups } from './striding.ts';

/** y += x; both [size], a multiple of 4. */
export function add(plan: PlanBuilder, label: string, x: Range, y: Range): void {
  const size4 = x.bytes / 16;
  plan.add({
    label,
    code: expand(code, {}),
    constants: { SIZE4: size4 },
    ranges: [x, y],
    workgroups: [stridingGroups(size4)],
    flops: 4 * size4,
  });
}
