/** The reference in tfjs ops, on whichever of tfjs's backends is the current one. */
import type { Compute } from '../compute/compute.ts';
import { alsoDisposing, precisionProblem } from '../compute/compute.ts';
import type { BackendName } from '../contract.ts';
import { parameterCount } from './config.ts';
import { ImageGPT } from './reference.ts';
import { ReferenceDecoder } from './reference-decoder.ts';
import { ReferenceFeatures } from './reference-features.ts';
import { ReferenceScorer } from './reference-scorer.ts';

/** Few positions a pass: the calls that wait for it wait less, and more are no faster. */
const PASS_ROWS = 256;

/** @param name tfjs's current backend @param adapter its name for people */
export function referenceCompute(name: BackendName, adapter: string): Compute {
  const compute: Compute = {
    name,
    adapter,
    precisions: ['f32'],
    decodesHalves: false,
    passRows: PASS_ROWS,
    peak: async () => 0,
    refusal: () => undefined,
    hasRoom: async () => true,

    openModel: async (config, weights) => {
      const gpt = new ImageGPT(config, weights);
      return { decoder: async (pictures) => new ReferenceDecoder(gpt, pictures), dispose: () => gpt.dispose() };
    },
    scorer: async (config, weights, max) => {
      const gpt = new ImageGPT(config, weights);
      return alsoDisposing(new ReferenceScorer(gpt, max), () => gpt.dispose());
    },
    features: async (config, weights, objective, max) => {
      const gpt = new ImageGPT(config, weights);
      return alsoDisposing(new ReferenceFeatures(gpt, max, objective), () => gpt.dispose());
    },

    trainer: async (config, { batch, adam, generative, precision }, state) => {
      const problem = precisionProblem(compute, precision);
      if (problem) throw new RangeError(problem);
      const { ReferenceTrainer } = await import('./reference-trainer.ts');
      return new ReferenceTrainer(config, batch, adam, state, generative);
    },
    // Weights, gradients and two moments; what a step keeps for its gradients comes and goes.
    trainerBytes: async (config) => 16 * parameterCount(config),
  };
  return compute;
}
