/**
 * What a training step asks of the model: which input stands at each position, which colour it should foresee, and how
 * much that counts. Both objectives of the paper become the same `Task`, so that a trainer knows nothing of either.
 * Source: Chen et al. 2020, section 2.1; the details of BERT as openai/image-gpt has them.
 */
import { type Config, SOS, startRow } from './config.ts';
import { uniform } from './random.ts';

export type Objective = 'autoregressive' | 'bert';

/** Instead of a row of wte: the position's input is its wpe alone. */
export const MASKED = -1;

/** The share of positions that BERT hides. */
const MASK_PROBABILITY = 0.15;

/** The share of pictures that begin with the start symbol although their class is known, so that the model also draws without. */
const CLASS_KEPT_BACK = 0.1;

/** One batch, flattened: row b · T + i is position i of picture b. */
export interface Task {
  /** Whether a position sees only itself and those before it. */
  causal: boolean;
  /** Row of wte at each position, or MASKED. [B·T] */
  inputs: Int32Array;
  /** The colour to foresee. [B·T] */
  targets: Int32Array;
  /** What the surprise at each position counts; sums to 1 over the batch. [B·T] */
  weights: Float32Array;
  /** What the pictures show; for models with classes, and no others. */
  labels?: Labels;
}

/** The classes of a batch. */
export interface Labels {
  /** The class of each picture. [B] */
  classes: Int32Array;
  /** What the surprise at each counts; sums to 1 over the batch. [B] */
  weights: Float32Array;
}

/**
 * The task of a batch of whole pictures; tokens [B·T]. `seed` and `step` choose what BERT hides and nothing else. `starts` as
 * autoregressive() has them; BERT has no first symbol.
 */
export function taskOf(
  objective: Objective,
  tokens: Int16Array,
  config: Config,
  seed: number,
  step: number,
  starts?: ArrayLike<number>,
): Task {
  return objective === 'bert' ? bert(tokens, seed, step) : autoregressive(tokens, config, starts);
}

/** What the pictures of a batch begin with when they are learnt: their classes, but for those kept back. [B] */
export function learntStarts(classes: ArrayLike<number>, seed: number, step: number): Int32Array {
  return Int32Array.from(classes, (label, b) => (uniform(seed, step, b) < CLASS_KEPT_BACK ? SOS : label));
}

/** The same task, in which also the class of each picture is to be told. [B] */
export function labelled(task: Task, classes: Int32Array): Task {
  return { ...task, labels: { classes, weights: new Float32Array(classes.length).fill(1 / classes.length) } };
}

/**
 * A task in parts of so many pictures, which share its memory: their losses, and their gradients, add up to its own.
 * @throws RangeError if it is no whole number of parts, or its labels are not those of a model with such classes
 */
export function partsOf(task: Task, batch: number, { n_positions, n_classes = 0 }: Config): Task[] {
  const { causal, inputs, targets, weights, labels } = task;
  const positions = batch * n_positions;
  if (inputs.length === 0 || inputs.length % positions !== 0) {
    throw new RangeError(`The task has ${inputs.length} positions, but this trainer takes ${positions}.`);
  }
  checkLabels(labels, inputs.length / n_positions, n_classes);
  return Array.from({ length: inputs.length / positions }, (_, part) => {
    const [from, to] = [part * positions, (part + 1) * positions];
    return {
      causal,
      inputs: inputs.subarray(from, to),
      targets: targets.subarray(from, to),
      weights: weights.subarray(from, to),
      labels: labels && {
        classes: labels.classes.subarray(part * batch, (part + 1) * batch),
        weights: labels.weights.subarray(part * batch, (part + 1) * batch),
      },
    };
  });
}

/** @throws RangeError for labels that a model with so many classes cannot learn */
function checkLabels(labels: Labels | undefined, pictures: number, classes: number): void {
  const count = labels?.classes.length ?? 0;
  const expected = classes > 0 ? pictures : 0;
  if (count !== expected) throw new RangeError(`The task has ${count} labels, but this model needs ${expected}.`);
  const wrong = labels?.classes.find((label) => label < 0 || label >= classes);
  if (wrong !== undefined) throw new RangeError(`Class ${wrong} is not one of ${classes}.`);
}

/**
 * Every pixel from those before it: inputs moved on by one, the start symbol first. `starts` has the class that each picture
 * begins with instead, SOS for none. [B]
 * @throws RangeError for a class that the model does not know
 */
export function autoregressive(tokens: Int16Array, config: Config, starts?: ArrayLike<number>): Task {
  const { n_positions: T } = config;
  const first = (picture: number) => startRow(config, starts ? starts[picture] : SOS);
  return {
    causal: true,
    inputs: Int32Array.from(tokens, (_, i) => (i % T === 0 ? first(i / T) : tokens[i - 1])),
    targets: Int32Array.from(tokens),
    weights: new Float32Array(tokens.length).fill(1 / tokens.length),
  };
}

/** The hidden pixels from all others: no start symbol, no shift, no causal mask. */
export function bert(tokens: Int16Array, seed: number, step: number): Task {
  const hidden = Uint8Array.from(tokens, (_, i) => (uniform(seed, step, i) < MASK_PROBABILITY ? 1 : 0));
  if (!hidden.includes(1)) hidden[0] = 1; // a tiny batch may hide nothing, and the mean over nothing is no number
  const count = hidden.reduce((a, b) => a + b, 0);
  return {
    causal: false,
    inputs: Int32Array.from(tokens, (t, i) => (hidden[i] ? MASKED : t)),
    targets: Int32Array.from(tokens),
    weights: Float32Array.from(hidden, (h) => h / count),
  };
}
