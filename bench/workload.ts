/** What every side computes: the same sizes, weights, pictures and random numbers, made from seeds. */
import { type Config, presetConfig, type Weights } from '../workers/igpt/config.ts';
import { initialWeights } from '../workers/igpt/init.ts';
import { autoregressive, type Task } from '../workers/igpt/objectives.ts';
import { uniform } from '../workers/igpt/random.ts';

export interface Workload {
  name: string;
  config: Config;
  /** Pictures of a training step. */
  batch: number;
  /** Pictures decoded side by side. */
  variants: number;
  /** Pixels that are given when decoding. */
  given: number;
}

export const WORKLOADS: Record<'xs' | 'small', Workload> = {
  xs: { name: 'xs', config: presetConfig('xs', 16), batch: 4, variants: 8, given: 128 },
  small: { name: 'small', config: presetConfig('small', 32), batch: 4, variants: 8, given: 512 },
};

/**
 * Untrained weights, but with a head that is not zero: otherwise every first loss would be ln 512 and every first
 * gradient of the blocks zero, whatever a side computes. No biases, as in OpenAI's model.
 */
export function weightsOf(config: Config): Weights {
  const weights = initialWeights(config, 1);
  const head = weights.get('lm_head.weight')!;
  for (let i = 0; i < head.length; i++) head[i] = 0.4 * (uniform(2, 0, i) - 0.5);
  return weights;
}

/** A picture of smooth noise: neighbouring pixels have near colours, so that a step has something to learn. */
export function picture(config: Config, seed: number): Int16Array {
  let colour = Math.floor(config.n_colours * uniform(seed, 1, 0));
  return Int16Array.from({ length: config.n_positions }, (_, i) => {
    const step = Math.floor(32 * uniform(seed, 2, i)) - 16;
    colour = (colour + step + config.n_colours) % config.n_colours;
    return colour;
  });
}

/** The batch of a training step. */
export function taskOfStep(config: Config, batch: number, step: number): Task {
  const T = config.n_positions;
  const tokens = new Int16Array(batch * T);
  for (let b = 0; b < batch; b++) tokens.set(picture(config, 100 + step * batch + b), b * T);
  return autoregressive(tokens, config);
}

/** The learning rate of every step: large enough that a wrong optimiser shows in the next loss. */
export const RATE = 3e-3;
