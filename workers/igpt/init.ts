/** Untrained parameters as the paper's code starts them (openai/image-gpt, src/model.py). */
import { type Config, parameterShapes, type Weights } from './config.ts';
import { uniform } from './random.ts';

/** Standard deviation by parameter name; gains start at 1 and the heads at 0. */
function deviation(name: string, { n_embd: d, n_layer }: Config): number {
  if (name === 'transformer.wpe.weight') return 0.01;
  if (name.endsWith('attn.c_attn.weight')) return 1 / Math.sqrt(d);
  if (name.endsWith('attn.c_proj.weight')) return 1 / Math.sqrt(d * n_layer);
  if (name === 'lm_head.weight' || name === 'score.weight') return 0;
  return 0.02; // wte with what a picture begins with, and both matrices of the MLP
}

/** Weights without biases, as OpenAI's model has them. The same seed gives the same weights everywhere. */
export function initialWeights(config: Config, seed: number): Weights {
  const weights: Weights = new Map();
  parameterShapes(config).forEach(({ name, shape, optional }, n) => {
    if (optional) return;
    const size = shape.reduce((a, b) => a * b, 1);
    const std = deviation(name, config);
    const values = new Float32Array(size);
    if (/\.ln_[12f]\.weight$/.test(name)) values.fill(1);
    else if (std > 0) for (let i = 0; i < size; i++) values[i] = std * normal(seed, n, i);
    weights.set(name, values);
  });
  return weights;
}

/** A standard normal number by Box & Muller's transform of two uniform ones. */
function normal(seed: number, stream: number, i: number): number {
  const u = 1 - uniform(seed, 2 * stream, i); // in (0, 1]
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * uniform(seed, 2 * stream + 1, i));
}
