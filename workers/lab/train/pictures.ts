/** The pictures of a run: tokenised once, cut into batches to learn from and batches to judge by. */
import type { Recipe } from '../../contract.ts';
import type { Augmentation } from '../../data/augment.ts';
import { Batches } from '../../data/batches.ts';
import type { DatasetHead } from '../../data/dataset.ts';
import { shuffled } from '../../data/shuffle.ts';
import { type Split, splitDataset } from '../../data/split.ts';
import { TokenisedPictures } from '../../data/token-batches.ts';
import { BadInput } from '../../errors.ts';
import { type Config, SOS, sideOf } from '../../igpt/config.ts';
import { labelled, learntStarts, type Task, taskOf } from '../../igpt/objectives.ts';
import type { StoredDataset } from '../../storage/datasets.ts';

/** Names these uses of the seed. */
const VALIDATION = 0x7a11;
const MASKS = 0xbe27;
const KEPT_BACK = 0xc1a5;

/** Held-back pictures in batches of the run's size; a last one that is short is filled up with pictures that do not count. */
export interface Judging {
  task: Task;
  /** Pictures that count. */
  count: number;
}

/**
 * Which pictures a run learns from and is judged by; where it learns to tell classes, only those that have one.
 * @throws BadInput if nothing is left to learn from, or there are no classes to tell apart or to begin with
 */
export function splitFor(
  head: DatasetHead,
  { seed, classify, byClass }: Pick<Recipe, 'seed' | 'classify' | 'byClass'>,
): Split {
  const split = splitDataset(head, seed);
  if (byClass && !split.train.some((number) => head.labels[number] >= 0)) {
    throw new BadInput('The pictures to learn from have no labels: there are no classes to begin them with.');
  }
  if (!classify) return split;
  const labelled = (numbers: Uint32Array) => numbers.filter((number) => head.labels[number] >= 0);
  const [train, validation] = [labelled(split.train), labelled(split.validation)];
  if (train.length === 0)
    throw new BadInput('The pictures to learn from have no labels: there are no classes to learn.');
  const found = new Set(Array.from(train, (number) => head.labels[number]));
  if (found.size === 1) {
    const [only] = found;
    throw new BadInput(`All pictures to learn from are of the class "${head.classes[only]}": at least two are needed.`);
  }
  if (validation.length === 0) {
    throw new BadInput('The held-back pictures have no labels: nothing would tell how well classes are learnt.');
  }
  return { train, validation };
}

export class RunPictures {
  /** Batches from the step that comes next. */
  private ahead: { step: number; batches: Batches } | undefined;

  private constructor(
    private readonly config: Config,
    private readonly recipe: Recipe,
    private readonly pictures: TokenisedPictures,
    private readonly split: Split,
    /** Of all pictures, below 0 for those without one. */
    readonly labels: Int16Array,
    readonly judging: Judging[],
  ) {}

  /**
   * @param breathe called between blocks with the part that is done; may throw to stop
   * @throws BadInput if the data set leaves nothing to learn from
   */
  static async open(
    { head, pixels }: StoredDataset,
    palette: Float32Array,
    config: Config,
    recipe: Recipe,
    breathe: (done: number) => Promise<void>,
  ): Promise<RunPictures> {
    const split = splitFor(head, recipe);
    const { count, side } = head;
    const cutsOut = recipe.leastArea < 1;
    const stored = { count, side, read: pixels };
    const pictures = await TokenisedPictures.of(stored, sideOf(config), palette, breathe, cutsOut);
    const judged = shuffled(split.validation.length, recipe.seed ^ VALIDATION, 0)
      .subarray(0, recipe.validationPictures)
      .map((place) => split.validation[place]);
    const judging = judgingOf(judged, pictures, head.labels, config, recipe);
    return new RunPictures(config, recipe, pictures, split, head.labels, judging);
  }

  /** Numbers of the pictures that are learnt from. */
  get learnt(): Uint32Array {
    return this.split.train;
  }

  /** Numbers of those held back, of which some are judged. */
  get heldBack(): Uint32Array {
    return this.split.validation;
  }

  /** Whole pictures, as they are. [numbers, pixels] */
  tokens(numbers: Uint32Array): Int16Array {
    return tokensOf(numbers, this.pictures, this.config);
  }

  /** The batch to learn from at a step, counted from 0. Quick where steps follow each other. */
  task(step: number): Task {
    const { recipe, config, learnt } = this;
    if (this.ahead?.step !== step) {
      const before = step * recipe.batch;
      const position = { epoch: Math.floor(before / learnt.length), index: before % learnt.length };
      this.ahead = { step, batches: new Batches(learnt, recipe.batch, recipe.seed, position) };
    }
    const draws = this.ahead.batches.next();
    this.ahead.step += 1;
    const augmentation: Augmentation = { flip: recipe.flip, crop: recipe.crop, least: recipe.leastArea };
    const tokens = this.pictures.batch(draws, augmentation, recipe.seed);
    const classes = Int32Array.from(draws, ({ picture }) => this.labels[picture]);
    const starts = recipe.byClass ? learntStarts(classes.map(startOf), recipe.seed ^ KEPT_BACK, step) : undefined;
    const task = taskOf(recipe.objective, tokens, config, recipe.seed ^ MASKS, step, starts);
    return recipe.classify ? labelled(task, classes) : task;
  }
}

/** What a picture with this label begins with. */
const startOf = (label: number): number => (label < 0 ? SOS : label);

function judgingOf(
  judged: Uint32Array,
  pictures: TokenisedPictures,
  labels: Int16Array,
  config: Config,
  recipe: Recipe,
): Judging[] {
  const { n_positions: T } = config;
  const size = recipe.batch / recipe.parts;
  return Array.from({ length: Math.ceil(judged.length / size) }, (_, batch) => {
    const chosen = judged.subarray(batch * size, (batch + 1) * size);
    const filled = Uint32Array.from({ length: size }, (__, i) => chosen[i % chosen.length]);
    const classes = Int32Array.from(filled, (picture) => labels[picture]);
    const starts = recipe.byClass ? classes.map(startOf) : undefined;
    const tokens = tokensOf(filled, pictures, config);
    const task = taskOf(recipe.objective, tokens, config, recipe.seed ^ VALIDATION, batch, starts);
    return { task: counting(recipe.classify ? labelled(task, classes) : task, chosen.length, T), count: chosen.length };
  });
}

function tokensOf(numbers: Uint32Array, { tokens }: TokenisedPictures, { n_positions: T }: Config): Int16Array {
  const picked = new Int16Array(numbers.length * T);
  numbers.forEach((picture, i) => {
    picked.set(tokens.subarray(picture * T, (picture + 1) * T), i * T);
  });
  return picked;
}

/** The same task, of which only the first pictures, T positions each, count. */
function counting({ labels, ...task }: Task, pictures: number, T: number): Task {
  const weights = first(task.weights, pictures * T);
  return labels
    ? { ...task, weights, labels: { ...labels, weights: first(labels.weights, pictures) } }
    : { ...task, weights };
}

/** The first weights, which sum to 1 again; a few pictures may have nothing hidden, and tell nothing. */
function first(weights: Float32Array, count: number): Float32Array {
  const kept = weights.map((w, i) => (i < count ? w : 0));
  const sum = kept.reduce((a, b) => a + b, 0);
  return sum > 0 ? kept.map((w) => w / sum) : kept;
}
