/** Adds the optimiser to a plan: every parameter in one dispatch. */
import type { AdamW } from '../../igpt/optimizer.ts';
import type { PlanBuilder, Range } from '../plan.ts';
import code from './adamw.wgsl?raw';
import { expand } from './expand.ts';
import { stridingGroups } from './striding.ts';

/** The four vectors share one layout, whose first `decayed` bytes decay. */
export interface AdamWUpdate {
  /** rate, 1 − β₁ᵗ, 1 − β₂ᵗ, t: f32 [4], as settingsOf makes them. */
  settings: Range;
  /** From loss.ts; its third number scales the gradient. */
  metrics: Range;
  gradient: Range;
  weights: Range;
  mean: Range;
  square: Range;
  decayed: number;
  /** In f16 training: what loss-scaling.ts decided, and the weights' copy in f16. */
  half?: { scaling: Range; halves: Range };
}

export function adamw(plan: PlanBuilder, adam: AdamW, update: AdamWUpdate): void {
  const { settings, metrics, gradient, weights, mean, square, decayed, half } = update;
  const size4 = weights.bytes / 16;
  plan.add({
    label: 'AdamW',
    code: expand(code, { SCALED: half !== undefined, HALF: half !== undefined }),
    constants: {
      SIZE4: size4,
      DECAYED4: decayed / 16,
      BETA1: adam.beta1,
      BETA2: adam.beta2,
      EPS: adam.epsilon,
      DECAY: adam.weightDecay,
    },
    ranges: [settings, metrics, gradient, weights, mean, square, ...(half ? [half.scaling, half.halves] : [])],
    workgroups: [stridingGroups(size4)],
    flops: 60 * size4,
  });
}

/** The settings of a step, counted from 1. */
export function settingsOf({ beta1, beta2 }: AdamW, step: number, rate: number): Float32Array {
  return new Float32Array([rate, 1 - beta1 ** step, 1 - beta2 ** step, step]);
}
