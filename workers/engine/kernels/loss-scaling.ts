/** Adds the decision on a step in f16 to a plan: taken or skipped, and the scale of the next loss. */
import type { AdamW } from '../../igpt/optimizer.ts';
import type { Scaling } from '../../igpt/trainer.ts';
import type { PlanBuilder, Range } from '../plan.ts';
import { expand } from './expand.ts';
import code from './loss-scaling.wgsl?raw';

/** 32-bit words of the scaling: scale, good steps, skipped steps, whether this one is taken, and its bias corrections. */
export const SCALING_WORDS = 6;

/** High, because a scale that is too high is halved within steps, and one that is too low loses small gradients unnoticed. */
const FIRST_SCALE = 65536;
/** Good steps after which the scale is doubled; PyTorch's GradScaler has the same. */
export const PATIENCE = 2000;

export const FRESH_SCALING: Scaling = { scale: FIRST_SCALE, good: 0, skipped: 0 };

export const scalingWords = ({ scale, good, skipped }: Scaling): Float32Array =>
  Float32Array.of(scale, good, skipped, 0, 0, 0);

/** Turns the metrics of the scaled gradient [7] into those of the true one, and changes the scaling [6]. */
export function lossScaling(
  plan: PlanBuilder,
  { beta1, beta2, clip }: AdamW,
  { settings, metrics, scaling }: { settings: Range; metrics: Range; scaling: Range },
): void {
  plan.add({
    label: 'loss scaling',
    code: expand(code, {}),
    constants: { BETA1: beta1, BETA2: beta2, CLIP: clip, PATIENCE },
    ranges: [settings, metrics, scaling],
    workgroups: [1],
  });
}
