/** Which pictures are learnt from and which are held back to judge by. */

import { BadInput } from '../errors.ts';
import type { DatasetHead } from './dataset.ts';
import { shuffled } from './shuffle.ts';

export interface Split {
  /** Numbers of pictures, rising. */
  train: Uint32Array;
  validation: Uint32Array;
}

/** The part of the training pictures that is held back where the data set has no test part. */
const HELD_BACK = 0.1;
/** Names this use of the seed. */
const PURPOSE = 0x5117;

/**
 * The test part is held back whole; without one, a tenth of the training pictures, at least one, drawn by the seed.
 * @throws BadInput if nothing is left to learn from.
 */
export function splitDataset({ sources, sourceOf }: Pick<DatasetHead, 'sources' | 'sourceOf'>, seed: number): Split {
  const train: number[] = [];
  const test: number[] = [];
  sourceOf.forEach((source, picture) => {
    (sources[source].part === 'train' ? train : test).push(picture);
  });
  if (train.length === 0)
    throw new BadInput('All pictures of this data set are marked as test: mark a part as training.');
  if (test.length > 0) return { train: Uint32Array.from(train), validation: Uint32Array.from(test) };
  if (train.length === 1) throw new BadInput('This data set has a single picture: there would be none to judge by.');
  const order = shuffled(train.length, seed ^ PURPOSE, 0);
  const held = Math.max(1, Math.round(HELD_BACK * train.length));
  const pick = (places: Uint32Array) => Uint32Array.from(places, (place) => train[place]).sort();
  return { train: pick(order.subarray(held)), validation: pick(order.subarray(0, held)) };
}
