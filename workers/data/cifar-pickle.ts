/**
 * The Python versions of CIFAR: a pickled dictionary of `data` (uint8, [n, 3072], planes as in the binary version) and
 * `labels`, or `fine_labels` beside `coarse_labels`; or, in batches.meta and meta, the names of the classes.
 * Source: cs.toronto.edu/~kriz/cifar.html, "Python / Matlab versions".
 */

import { BadInput } from '../errors.ts';
import { CIFAR_10, CIFAR_100, CIFAR_PICTURE, CIFAR_SIDE, type CifarLayout } from './cifar.ts';
import type { PictureBlock } from './dataset.ts';
import { entry, NdArray, numbersOf, type PickleValue, readPickle, textOf } from './pickle.ts';
import { fromRowPlanes } from './planes.ts';
import { type Source, wholeSource } from './source.ts';

/** The largest of them, CIFAR-100's train, has 155 MB. */
const MAX_BYTES = 200e6;
/** Pictures in a block. */
const BLOCK = 1000;

export type CifarPickle =
  | { kind: 'pictures'; layout: CifarLayout; blocks: Iterable<PictureBlock> }
  | { kind: 'names'; names: string[] };

/** @throws BadInput if it is no such pickle, or a label is out of range. */
export async function readCifarPickle(source: Source): Promise<CifarPickle> {
  const { path } = source;
  const value = readPickle(await wholeSource(source, MAX_BYTES), path);
  const names = entry(value, 'fine_label_names') ?? entry(value, 'label_names');
  if (names !== undefined) return { kind: 'names', names: namesIn(names, path) };

  const data = entry(value, 'data');
  if (data === undefined)
    throw new BadInput(`${path} is a pickle without "data": a batch of CIFAR has its pictures there.`);
  const pixels = pixelsOf(data, path);
  const fine = entry(value, 'fine_labels');
  const labels = numbersOf(fine ?? entry(value, 'labels'));
  const layout = fine === undefined ? CIFAR_10 : CIFAR_100;
  const count = pixels.length / CIFAR_PICTURE;
  if (labels === undefined) throw new BadInput(`${path} is a pickle without a list of labels.`);
  if (labels.length !== count) {
    throw new BadInput(`${path} has ${count} pictures, but ${labels.length} labels.`);
  }
  const { what, classes } = layout.labels.at(-1)!;
  const wrong = labels.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (wrong >= 0) {
    throw new BadInput(
      `${path} is no ${layout.name} file: its row ${wrong} (from 0) has the ${what} ${labels[wrong]}, and those go from 0 to ${classes - 1}.`,
    );
  }
  return { kind: 'pictures', layout, blocks: blocks(pixels, labels) };
}

function pixelsOf(data: PickleValue, path: string): Uint8Array {
  const shaped = data instanceof NdArray && data.dtype?.code === 'u1' && data.shape.length === 2;
  if (!shaped || data.shape[1] !== CIFAR_PICTURE) {
    const found = data instanceof NdArray ? `${data.shape.join(' × ')} of type ${data.dtype?.code}` : 'no array';
    throw new BadInput(
      `${path} has no CIFAR pictures: "data" must be n × ${CIFAR_PICTURE} of type u1, and is ${found}.`,
    );
  }
  return data.bytes;
}

function namesIn(value: PickleValue, path: string): string[] {
  const names = Array.isArray(value) ? value.map(textOf) : [];
  if (names.length === 0 || !names.every((name) => name !== undefined)) {
    throw new BadInput(`${path} has a list of class names that are not text.`);
  }
  return names;
}

function* blocks(planes: Uint8Array, labels: number[]): Generator<PictureBlock> {
  for (let first = 0; first < labels.length; first += BLOCK) {
    const count = Math.min(BLOCK, labels.length - first);
    const pixels = new Uint8Array(count * CIFAR_PICTURE);
    for (let i = 0; i < count; i++) {
      fromRowPlanes(planes, (first + i) * CIFAR_PICTURE, pixels, i * CIFAR_PICTURE, CIFAR_SIDE);
    }
    yield { width: CIFAR_SIDE, height: CIFAR_SIDE, count, pixels, labels: labels.slice(first, first + count) };
  }
}
