/** Surprise of every pixel of many pictures, on the way that serves the model here. */
import type { Config, Weights } from '../igpt/config.ts';
import { ReferenceScorer } from '../igpt/reference-scorer.ts';
import type { Scorer } from '../igpt/scorer.ts';
import { SimdScorer } from '../simd/scorer.ts';
import { openPass, type PassBackend } from './passes.ts';

/** Copies the weights to the device; the caller disposes the scorer, and with it all that it holds. */
export async function openScorer(backend: PassBackend, config: Config, weights: Weights): Promise<Scorer> {
  const { pass, model } = await openPass<Scorer>(backend, config, weights, {
    engine: async (device, parameters, batch, tuning) => {
      const { EngineScorer } = await import('../engine/scorer.ts');
      return EngineScorer.create(device, parameters, batch, tuning);
    },
    simd: (batch) => SimdScorer.create(config, weights, batch),
    reference: (gpt, batch) => new ReferenceScorer(gpt, batch),
  });
  const { batch, pixels } = pass;
  return {
    batch,
    pixels,
    of: (tokens, starts) => pass.of(tokens, starts),
    dispose: () => {
      pass.dispose();
      model.dispose();
    },
  };
}
