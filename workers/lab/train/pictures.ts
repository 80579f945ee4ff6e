/** The pictures of a run: tokenised once, cut into batches to learn from and batches to judge by. */
import type { Recipe } from '../../contract.ts';
import type { Augmentation } from '../../data/augment.ts';
import { Batches } from '../../data/batches.ts';
import { shuffled } from '../../data/shuffle.ts';
import { splitDataset } from '../../data/split.ts';
import { TokenisedPictures } from '../../data/token-batches.ts';
import { type Config, sideOf } from '../../igpt/config.ts';
import { type Task, taskOf } from '../../igpt/objectives.ts';
import type { StoredDataset } from '../../storage/datasets.ts';

/** Names these uses of the seed. */
const VALIDATION = 0x7a11;
const MASKS = 0xbe27;

/** Held-back pictures in batches of the run's size; a last one that is short is filled up with pictures that do not count. */
export interface Judging {
  task: Task;
  /** Pictures that count. */
  count: number;
}

export class RunPictures {
  /** Batches from the step that comes next. */
  private ahead: { step: number; batches: Batches } | undefined;

  private constructor(
    private readonly config: Config,
    private readonly recipe: Recipe,
    private readonly pictures: TokenisedPictures,
    private readonly learnt: Uint32Array,
    /** Pictures held back in all, of which some are judged. */
    readonly heldBack: number,
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
    const { train, validation } = splitDataset(head, recipe.seed);
    const bytes = await pixels(0, head.count);
    const pictures = await TokenisedPictures.of(bytes, head.side, sideOf(config), palette, breathe);
    const judged = shuffled(validation.length, recipe.seed ^ VALIDATION, 0)
      .subarray(0, recipe.validationPictures)
      .map((place) => validation[place]);
    const judging = judgingOf(judged, pictures, config, recipe);
    return new RunPictures(config, recipe, pictures, train, validation.length, judging);
  }

  /** Pictures that are learnt from. */
  get count(): number {
    return this.learnt.length;
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
    return taskOf(recipe.objective, tokens, config, recipe.seed ^ MASKS, step);
  }
}

function judgingOf(judged: Uint32Array, pictures: TokenisedPictures, config: Config, recipe: Recipe): Judging[] {
  const { n_positions: T } = config;
  const size = recipe.batch / recipe.parts;
  return Array.from({ length: Math.ceil(judged.length / size) }, (_, batch) => {
    const chosen = judged.subarray(batch * size, (batch + 1) * size);
    const tokens = new Int16Array(size * T);
    for (let i = 0; i < size; i++) {
      const picture = chosen[i % chosen.length];
      tokens.set(pictures.tokens.subarray(picture * T, (picture + 1) * T), i * T);
    }
    const task = taskOf(recipe.objective, tokens, config, recipe.seed ^ VALIDATION, batch);
    return { task: counting(task, chosen.length * T), count: chosen.length };
  });
}

/** The same task, of which only the first rows count. */
function counting(task: Task, rows: number): Task {
  const weights = task.weights.map((w, i) => (i < rows ? w : 0));
  const sum = weights.reduce((a, b) => a + b, 0);
  // A few pictures may have nothing hidden: then they tell nothing.
  return { ...task, weights: sum > 0 ? weights.map((w) => w / sum) : weights };
}
