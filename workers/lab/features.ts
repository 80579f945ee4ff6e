/** Features of a probe, on the way that serves the model here. */
import type { Config, Weights } from '../igpt/config.ts';
import type { Features } from '../igpt/features.ts';
import type { Objective } from '../igpt/objectives.ts';
import { ReferenceFeatures } from '../igpt/reference-features.ts';
import { SimdFeatures } from '../simd/features.ts';
import { openPass, type PassBackend } from './passes.ts';

/** Copies the weights to the device; the caller disposes the features, and with them all that they hold. */
export async function openFeatures(
  backend: PassBackend,
  config: Config,
  weights: Weights,
  objective: Objective,
): Promise<Features> {
  const { pass, model } = await openPass<Features>(backend, config, weights, {
    engine: async (device, parameters, batch, tuning) => {
      const { EngineFeatures } = await import('../engine/features.ts');
      return EngineFeatures.create(device, parameters, batch, objective, tuning);
    },
    simd: (batch) => SimdFeatures.create(config, weights, batch, objective),
    reference: (gpt, batch) => new ReferenceFeatures(gpt, batch, objective),
  });
  const { batch, layers, width, pixels } = pass;
  return {
    batch,
    layers,
    width,
    pixels,
    of: (tokens) => pass.of(tokens),
    dispose: () => {
      pass.dispose();
      model.dispose();
    },
  };
}
