/** What a run begins as: checked, with the weights of another model where it goes on from one. */
import type { RunRequest } from '../../contract.ts';
import { BadInput } from '../../errors.ts';
import type { ModelFolder } from '../../formats/huggingface.ts';
import { checkRecipe, checkSize, type RunHead } from '../../formats/run-head.ts';
import { type Config, parameterShapes, sideOf, type Weights } from '../../igpt/config.ts';
import { initialWeights } from '../../igpt/init.ts';
import type { DatasetStore } from '../../storage/datasets.ts';
import { checkName } from '../../storage/names.ts';
import { splitFor } from './pictures.ts';
import { configOfRun } from './run-info.ts';

/** Norms of all runs. */
const EPSILON = 1e-5;

/** @param given the model that the request wants to begin with @throws BadInput for what cannot be trained */
export async function headOf(
  request: RunRequest,
  given: ModelFolder | undefined,
  datasets: DatasetStore,
): Promise<RunHead> {
  const asked = checkSize(request.size);
  if (given) checkGiven(given.config, asked.side);
  const recipe = checkRecipe(request.recipe);
  const { head: dataset } = await datasets.open(request.dataset);
  const { train, validation } = splitFor(dataset, recipe);
  return {
    name: checkName('A run', request.name),
    created: Date.now(),
    size: given ? sizeOf(given.config) : asked,
    palette: [...(given?.palette ?? request.palette)],
    recipe,
    classes: recipe.classify ? dataset.classes : [],
    starts: recipe.byClass ? dataset.classes : [],
    dataset: { id: request.dataset, name: dataset.name, train: train.length, validation: validation.length },
    rates: [],
    progress: { step: 0, seconds: 0, validation: null, best: null, ended: false },
    kept: [],
  };
}

/** The first weights of a run: the given ones, and for what they lack new ones. */
export function firstWeights(head: RunHead, given: ModelFolder | undefined): Weights {
  const config = configOfRun(head);
  const fresh = initialWeights(config, head.recipe.seed);
  if (!given) return fresh;
  const usable = (name: string) => name !== 'score.weight' || String(given.classes) === String(head.classes);
  const weights: Weights = new Map();
  for (const { name } of parameterShapes(config)) {
    const values = (usable(name) ? given.weights.get(name) : undefined) ?? fresh.get(name);
    if (values) weights.set(name, name === WTE ? embedding(head, given, values) : values);
  }
  return weights;
}

const WTE = 'transformer.wte.weight';

/** The given rows of wte, for pictures that begin with other classes: of those that it does not know, each begins as SOS. */
function embedding(
  { starts }: RunHead,
  { config: { n_colours, n_embd: d }, ...given }: ModelFolder,
  wte: Float32Array,
) {
  const row = (i: number) => wte.subarray(i * d, (i + 1) * d);
  const rows = new Float32Array((n_colours + 1 + starts.length) * d);
  rows.set(wte.subarray(0, (n_colours + 1) * d));
  starts.forEach((name, i) => {
    const known = given.starts?.indexOf(name) ?? -1;
    rows.set(row(n_colours + (known < 0 ? 0 : 1 + known)), (n_colours + 1 + i) * d);
  });
  return rows;
}

function checkGiven(config: Config, side: number): void {
  const own = sideOf(config);
  if (own !== side) throw new BadInput(`The model takes pictures of ${own} × ${own} pixels, not ${side} × ${side}.`);
  if (config.layer_norm_epsilon !== EPSILON) {
    throw new BadInput(`The model's layer_norm_epsilon is ${config.layer_norm_epsilon}, but runs have ${EPSILON}.`);
  }
}

const sizeOf = (config: Config) =>
  checkSize({ layers: config.n_layer, width: config.n_embd, heads: config.n_head, side: sideOf(config) });
