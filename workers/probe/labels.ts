/** Which labelled pictures a probe can work with, and how many of them it may look at. */
import { shuffled } from '../data/shuffle.ts';
import { BadInput } from '../errors.ts';

/** Whole pictures and the classes they belong to. */
export interface LabelledPictures {
  /** [n, pixels] */
  tokens: Int16Array;
  /** Places in the list of classes; below 0 for pictures without one. [n] */
  labels: ArrayLike<number>;
}

export interface ProbeData {
  train: LabelledPictures;
  test: LabelledPictures;
  /** Names, in the order of the labels. */
  classes: string[];
}

/** Names this use of the seed. */
const PURPOSE = 0xba1a;

/** Throws BadInput with one sentence if no classifier can be learnt from the data, or none judged. */
export function checkData({ train, test, classes }: ProbeData, pixels: number): void {
  checkLabels(train.labels, test.labels, classes);
  for (const { tokens, labels } of [train, test]) {
    if (tokens.length === labels.length * pixels) continue;
    const [side, own] = [Math.sqrt(pixels), Math.sqrt(tokens.length / labels.length)];
    throw new BadInput(`The pictures are ${own} × ${own} pixels, but this model takes ${side} × ${side}.`);
  }
}

/** The same of the labels alone, before there are tokens. */
export function checkLabels(train: ArrayLike<number>, test: ArrayLike<number>, classes: string[]): void {
  const parts = { training: Array.from(train), test: Array.from(test) };
  for (const [part, labels] of Object.entries(parts)) {
    if (labels.length === 0) throw new BadInput(`There are no ${part} pictures.`);
    const unlabelled = labels.filter((label) => label < 0).length;
    if (classes.length === 0 || unlabelled === labels.length) {
      throw new BadInput(`The ${part} pictures have no labels: a probe learns to tell classes apart.`);
    }
    if (unlabelled > 0) throw new BadInput(`${unlabelled} of the ${part} pictures have no label.`);
  }
  if (new Set(parts.training).size === 1) {
    throw new BadInput(`All training pictures are of the class "${classes[train[0]]}": a probe needs at least two.`);
  }
  if (train.length < classes.length) {
    throw new BadInput(`There are ${train.length} training pictures for ${classes.length} classes: add some.`);
  }
  for (const [part, labels] of Object.entries(parts)) {
    const found = new Set(labels);
    const missing = classes.find((_, c) => !found.has(c));
    if (missing !== undefined) throw new BadInput(`The ${part} part has no picture of the class "${missing}".`);
  }
}

/**
 * As many pictures of each class as of the others, `count` in all, drawn by the seed; their places, rising. Where the
 * classes do not divide the count, the first ones have one more.
 * @throws BadInput if there are too few pictures of a class.
 */
export function balanced(labels: ArrayLike<number>, classes: string[], count: number, seed: number): Uint32Array {
  if (count < classes.length) throw new BadInput(`${count} labels are too few for ${classes.length} classes.`);
  const order = shuffled(labels.length, seed ^ PURPOSE, 0);
  const places = classes.flatMap((name, c) => {
    const wanted = Math.floor(count / classes.length) + (c < count % classes.length ? 1 : 0);
    const found = Array.from(order).filter((place) => labels[place] === c);
    if (found.length >= wanted) return found.slice(0, wanted);
    throw new BadInput(`There are ${found.length} training pictures of the class "${name}", but ${wanted} are needed.`);
  });
  return Uint32Array.from(places).sort();
}

/** Some of the pictures. */
export function pictures({ tokens, labels }: LabelledPictures, places: Uint32Array): LabelledPictures {
  const pixels = tokens.length / labels.length;
  const picked = new Int16Array(places.length * pixels);
  places.forEach((place, i) => {
    picked.set(tokens.subarray(place * pixels, (place + 1) * pixels), i * pixels);
  });
  return { tokens: picked, labels: Array.from(places, (place) => labels[place]) };
}
