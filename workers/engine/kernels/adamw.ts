/** Adds the optimiser to a plan: every parameter in one dispatch. */
import type { AdamW } from '../../igpt/optimizer.ts';
import type { PlanBuilder, Range } from '../plan.ts';
import code from './adamw.wgsl?raw';
import { expand } from './expand.ts';
import { stridingGroups } from './striding.ts';

/** The four vectors share one layout, whose first `decayed` bytes decay. */
export interface AdamWUpdate {
  /** rate, 1 − β₁ᵗ, 1 − β₂ᵗ: f32 [3], as settingsOf makes them. */
  settings: Range;
  /** From loss.ts; its third number scales the gradient. */
  metrics: Range;
  gradient: Range;
  weights: Range;
  mean: Range;
  square: Range;
  decayed: number;
}

export function adamw(plan: PlanBuilder, adam: AdamW, update: AdamWUpdate): void {
  const { settings, metrics, gradient, weights, mean, square, decayed } = update;
  const size4 = weights.bytes / 16;
  plan.add({
    label: 'AdamW',
    code: expand(code, {}),
    constants: {
      SIZE4: size4,
      DECAYED4: decayed / 16,
      BETA1: adam.beta1,
      BETA2: adam.beta2,
      EPS: adam.epsilon,
      DECAY: adam.weightDecay,
    },
    ranges: [settings, metrics, gradient, weights, mean, square],
    workgroups: [stridingGroups(size4)],
    flops: 60 * size4,
  });
}

/** The settings of a step, counted from 1. */
export function settingsOf({ beta1, beta2 }: AdamW, step: number, rate: number): Float32Array {
  return new Float32Array([rate, 1 - beta1 ** step, 1 - beta2 ** step]);
}
