/** The trainer of a recipe. */
import type { TrainerOptions } from '../../compute/compute.ts';
import type { Recipe } from '../../contract.ts';
import { ADAMW } from '../../igpt/optimizer.ts';

type Used = 'objective' | 'batch' | 'parts' | 'generative' | 'precision';

/** @param recipe its optimiser is the usual one where it does not say otherwise */
export function optionsOf(recipe: Pick<Recipe, Used> & Partial<Recipe>): TrainerOptions {
  const { objective, batch, parts, generative, precision, weightDecay, clip } = recipe;
  return {
    adam: { ...ADAMW, weightDecay: weightDecay ?? ADAMW.weightDecay, clip: clip ?? ADAMW.clip },
    objective,
    batch: batch / parts,
    parts: parts > 1,
    generative,
    precision,
  };
}
