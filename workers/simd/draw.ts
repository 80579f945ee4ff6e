/**
 * Draws a colour as igpt/sampler.ts does, from plain numbers: temperature is already in the weights, then top-k, then
 * top-p on what is left, then the inverse transform of one uniform number. Sums run in f32 in the same order as there, so
 * that the same seed gives the same picture.
 */
import type { SamplerSettings } from '../igpt/sampler.ts';

/** The first colour whose cumulative weight exceeds the uniform number's share of the total. weights f32 [V], not normalised. */
export function draw(weights: Float32Array, uniform: number, settings: Pick<SamplerSettings, 'topK' | 'topP'>): number {
  const least = threshold(weights, settings);
  let total = 0;
  for (const w of weights) if (w >= least) total = Math.fround(total + w);
  const wanted = Math.fround(uniform * total);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] >= least) sum = Math.fround(sum + weights[i]);
    if (sum > wanted) return i;
  }
  return weights.length - 1; // not reached while the weights are numbers: wanted is below the total
}

/** The smallest weight that top-k and top-p leave in. */
function threshold(weights: Float32Array, { topK, topP }: Pick<SamplerSettings, 'topK' | 'topP'>): number {
  if (topK === 0 && topP === 1) return 0;
  const sorted = weights.slice().sort().reverse();
  const kept = topK > 0 ? Math.min(topK, sorted.length) : sorted.length;
  if (topP === 1) return sorted[kept - 1];
  let mass = 0;
  for (let i = 0; i < kept; i++) mass = Math.fround(mass + sorted[i]);
  const wanted = Math.fround(mass * topP);
  let before = sorted[0];
  let last = 0;
  while (last + 1 < kept && before < wanted) before = Math.fround(before + sorted[++last]);
  return sorted[last];
}

/** The place of the largest number, the first of equals. */
export function likeliest(numbers: Float32Array): number {
  let best = 0;
  for (let i = 1; i < numbers.length; i++) if (numbers[i] > numbers[best]) best = i;
  return best;
}
