/** Labels pictures by a model with classes: the softmax of a linear head on the means of what its last norm gives. */
import { BadInput } from '../errors.ts';
import type { Backend } from './backend.ts';
import type { OpenModel } from './models.ts';
import { openFeatures } from './passes.ts';

/**
 * How likely each class is for whole pictures, tokens [B, T], read as an autoregressive model reads them. [B, classes]
 * @throws BadInput if the model has no classes
 */
export async function classify(
  backend: Backend,
  { gpt, weights }: Pick<OpenModel, 'gpt' | 'weights'>,
  tokens: Int16Array,
): Promise<Float32Array> {
  const { n_classes: C, n_positions: T } = gpt.config;
  if (!C) throw new BadInput('This model was not taught any classes.');
  const score = weights.get('score.weight')!; // [C, d]
  const features = await openFeatures(backend, gpt.config, weights, 'autoregressive');
  try {
    const { batch, layers, width: d } = features;
    const probabilities = new Float32Array((tokens.length / T) * C);
    for (let first = 0; first < tokens.length; first += batch * T) {
      const means = await features.of(tokens.subarray(first, first + batch * T)); // [layers, B, d]
      const last = means.subarray(means.length - means.length / layers);
      for (let b = 0; b < last.length / d; b++) {
        const pooled = last.subarray(b * d, (b + 1) * d);
        probabilities.set(softmax(scores(pooled, score, C)), (first / T + b) * C);
      }
    }
    return probabilities;
  } finally {
    features.dispose();
  }
}

/** W x with W [C, d]. */
function scores(x: Float32Array, weights: Float32Array, C: number): Float64Array {
  const d = x.length;
  return Float64Array.from({ length: C }, (_, c) => x.reduce((sum, value, i) => sum + value * weights[c * d + i], 0));
}

function softmax(logits: Float64Array): Float64Array {
  const most = Math.max(...logits);
  const powers = logits.map((l) => Math.exp(l - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}
