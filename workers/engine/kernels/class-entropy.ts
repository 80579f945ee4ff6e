/** Adds the classes' loss to a plan. */
import type { PlanBuilder, Range } from '../plan.ts';
import code from './class-entropy.wgsl?raw';
import { expand } from './expand.ts';

export interface ClassEntropy {
  /** Pictures, and classes: any number of them. */
  b: number;
  c: number;
  /** [b, c]; with `gradient` they become the gradient. */
  logits: Range;
  /** [b] */
  labels: Range;
  /** [b] */
  weights: Range;
  /** Loss, and whether the picture's class was told, both weighted. [b, 2] */
  told: Range;
  gradient: boolean;
  /** Multiplies the gradient; see loss-scaling.ts. */
  scaling?: Range;
}

export function classEntropy(plan: PlanBuilder, loss: ClassEntropy): void {
  const { b, c, logits, labels, weights, told, gradient } = loss;
  const scaling = gradient ? loss.scaling : undefined;
  plan.add({
    label: 'class entropy',
    code: expand(code, { GRADIENT: gradient, SCALED: scaling !== undefined }),
    constants: { B: b, C: c },
    ranges: [logits, labels, weights, told, ...(scaling ? [scaling] : [])],
    workgroups: [Math.ceil(b / 64)],
    flops: 6 * b * c,
  });
}
