/** Adds the loss and what a step reports to a plan. */
import type { PlanBuilder, Range } from '../plan.ts';
import entropy from './cross-entropy.wgsl?raw';
import { expand } from './expand.ts';
import report from './metrics.wgsl?raw';
import { rowDefines, rowGroups } from './rows.ts';
import squares from './square-sum.wgsl?raw';

export interface CrossEntropy {
  m: number;
  /** A multiple of 4. */
  v: number;
  /** [m, v], in f32 or f16; with `gradient` they become the gradient, times this number. */
  logits: Range;
  /** [m] */
  targets: Range;
  /** [m] */
  weights: Range;
  /** Weighted, [m]. */
  losses: Range;
  gradient?: number;
  /** Multiplies the gradient as well; see loss-scaling.ts. */
  scaling?: Range;
}

export function crossEntropy(plan: PlanBuilder, lanes: number, loss: CrossEntropy): void {
  const { m, v, logits, targets, weights, losses, gradient } = loss;
  const scaling = gradient === undefined ? undefined : loss.scaling;
  const defines = rowDefines(plan, lanes);
  plan.add({
    label: 'cross-entropy',
    code: expand(entropy, {
      ...defines,
      HALF: logits.half ?? false,
      GRADIENT: gradient !== undefined,
      SCALED: scaling !== undefined,
    }),
    constants: { M: m, V4: v / 4, ...(gradient === undefined ? {} : { SCALE: gradient }) },
    ranges: [logits, targets, weights, losses, ...(scaling ? [scaling] : [])],
    workgroups: rowGroups(m, defines),
    flops: 6 * m * v,
  });
}

/** Workgroups that share the gradient's squares. */
const GROUPS = 64;

/**
 * metrics [5]: loss, and with a gradient [size] its norm and the factor that clips it; last, with what classEntropy told [b, 2],
 * the classes' loss and accuracy.
 */
export function metrics(
  plan: PlanBuilder,
  { m, losses, told, metrics }: { m: number; losses: Range; told?: Range; metrics: Range },
  clipping?: { gradient: Range; clip: number },
): void {
  const part = plan.temporary('squares', GROUPS);
  if (clipping) {
    const size4 = clipping.gradient.bytes / 16;
    plan.add({
      label: 'gradient squares',
      code: expand(squares, { GROUPS }),
      constants: { SIZE4: size4 },
      ranges: [clipping.gradient, part],
      workgroups: [GROUPS],
      flops: 8 * size4,
    });
  }
  plan.add({
    label: 'metrics',
    code: expand(report, { GROUPS, GRADIENT: clipping !== undefined, CLASSES: told !== undefined }),
    constants: { M: m, ...(clipping ? { CLIP: clipping.clip } : {}), ...(told ? { B: told.bytes / 8 } : {}) },
    ranges: [losses, ...(clipping ? [part] : []), ...(told ? [told] : []), metrics],
    workgroups: [1],
    flops: m,
  });
}
