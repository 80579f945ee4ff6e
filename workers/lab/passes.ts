/**
 * Scorers and features of a model, of as many pictures at once as suit the device and fit into
 * memory.
 */
import { alsoDisposing } from '../compute/compute.ts';
import type { Config, Weights } from '../igpt/config.ts';
import type { Features } from '../igpt/features.ts';
import { passBytes } from '../igpt/memory.ts';
import type { Objective } from '../igpt/objectives.ts';
import type { Scorer } from '../igpt/scorer.ts';
import type { Backend } from './backend.ts';
import { batchWithin } from './budget.ts';

export type PassBackend = Pick<Backend, 'training' | 'budget'>;

/**
 * The caller disposes the scorer, and with it its copy of the weights.
 * @throws BadInput if memory lacks
 */
export function openScorer(backend: PassBackend, config: Config, weights: Weights): Promise<Scorer> {
  return openPass(backend, config, (max) => backend.training.scorer(config, weights, max));
}

/**
 * The caller disposes the features, and with them their copy of the weights.
 * @throws BadInput if memory lacks
 */
export function openFeatures(
  backend: PassBackend,
  config: Config,
  weights: Weights,
  objective: Objective,
): Promise<Features> {
  return openPass(backend, config, (max) => backend.training.features(config, weights, objective, max));
}

async function openPass<P extends { dispose(): void }>(
  { budget, training }: PassBackend,
  config: Config,
  open: (max: number) => Promise<P>,
): Promise<P> {
  const left = await budget.left();
  budget.refuse('A pass through this model', passBytes(config, 1), left);
  const max = batchWithin(left, config, Math.max(1, Math.floor(training.passRows / config.n_positions)));
  const held = await budget.hold(() => passBytes(config, max));
  try {
    return alsoDisposing(await open(max), () => held.release());
  } catch (error) {
    held.release();
    throw error;
  }
}
