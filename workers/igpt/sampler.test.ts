import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { uniform } from './random.ts';
import { type SamplerSettings, sample } from './sampler.ts';
import { useWasm } from './testing.ts';

beforeAll(useWasm);

const V = 12;
const DRAWS = 40_000;
const logits = Array.from({ length: V }, (_, i) => 3 * uniform(1, 1, i));

/** The distribution that the settings stand for, in float64 and straight from their definitions. */
function expected({ temperature, topK, topP }: SamplerSettings): number[] {
  const weights = logits.map((x) => Math.exp(x / temperature));
  let order = weights.map((_, i) => i).sort((a, b) => weights[b] - weights[a]);
  if (topK > 0) order = order.slice(0, topK);
  const total = order.reduce((sum, i) => sum + weights[i], 0);
  const kept = new Set<number>();
  let mass = 0;
  for (const i of order) {
    if (mass >= topP * total) break;
    kept.add(i);
    mass += weights[i];
  }
  return weights.map((w, i) => (kept.has(i) ? w / mass : 0));
}

/** Pearson's statistic over its degrees of freedom, in standard deviations above what chance gives on average. */
function excess(counts: number[], p: number[]): number {
  const cells = p.map((q, i) => [q * counts.reduce((a, b) => a + b, 0), counts[i]]).filter(([e]) => e > 0);
  const chi2 = cells.reduce((sum, [e, c]) => sum + (c - e) ** 2 / e, 0);
  const freedom = cells.length - 1;
  return (chi2 - freedom) / Math.sqrt(2 * freedom);
}

async function draw(settings: SamplerSettings, from: (n: number) => number): Promise<number[]> {
  const rows = tf.tile(tf.tensor2d(logits, [1, V]), [DRAWS, 1]) as tf.Tensor2D;
  const chosen = sample(rows, tf.tensor1d(Array.from({ length: DRAWS }, (_, n) => from(n))), settings);
  const counts = new Array(V).fill(0);
  for (const c of await chosen.data()) counts[c]++;
  return counts;
}

const cases: [string, SamplerSettings][] = [
  ['temperature 1', { temperature: 1, topK: 0, topP: 1 }],
  ['temperature 0.6', { temperature: 0.6, topK: 0, topP: 1 }],
  ['temperature 1.7', { temperature: 1.7, topK: 0, topP: 1 }],
  ['top-k 4', { temperature: 1, topK: 4, topP: 1 }],
  ['top-p 0.7', { temperature: 1, topK: 0, topP: 0.7 }],
  ['all three', { temperature: 1.3, topK: 6, topP: 0.8 }],
];

describe.each(cases)('the sampler at %s', (_, settings) => {
  const p = expected(settings);
  it('draws colours as often as their probabilities say (chi-square)', async () => {
    const counts = await draw(settings, (n) => uniform(11, n, 0));
    p.forEach((q, i) => {
      if (q === 0) expect(counts[i]).toBe(0);
    });
    expect(excess(counts, p)).toBeLessThan(4);
  });

  it('does so for the first pixel and first variant over many seeds', async () => {
    expect(excess(await draw(settings, (seed) => uniform(seed, 0, 0)), p)).toBeLessThan(4);
  });
});

it('would notice a sampler that is slightly wrong', async () => {
  const counts = await draw({ temperature: 1, topK: 0, topP: 1 }, (n) => uniform(11, n, 0));
  expect(excess(counts, expected({ temperature: 1.1, topK: 0, topP: 1 }))).toBeGreaterThan(4);
});

it('never draws a colour of probability zero, at either end of the uniform range', async () => {
  const rows = tf.tensor2d([-1e9, 0, 0, -1e9, -1e9, 0, 0, -1e9], [2, 4]);
  const chosen = sample(rows, tf.tensor1d([0, 1 - 2 ** -23]), { temperature: 1, topK: 0, topP: 1 });
  expect(Array.from(await chosen.data())).toEqual([1, 2]);
});
