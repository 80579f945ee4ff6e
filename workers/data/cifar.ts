/**
 * The binary files of CIFAR: records of one label (CIFAR-10) or of a coarse and a fine one (CIFAR-100), then 1,024 red,
 * 1,024 green and 1,024 blue bytes; no header. Source: cs.toronto.edu/~kriz/cifar.html, "Binary version".
 */

import { BadInput } from '../errors.ts';
import type { PictureBlock } from './dataset.ts';
import { fromRowPlanes, toRowPlanes } from './planes.ts';
import { recordBlocks, type Source } from './source.ts';

export const CIFAR_SIDE = 32;
/** Bytes of a picture. */
export const CIFAR_PICTURE = 3 * CIFAR_SIDE * CIFAR_SIDE;

/** How a record begins: how many labels there can be of each kind. The last label is the one that counts. */
export interface CifarLayout {
  name: string;
  labels: { what: string; classes: number }[];
}

export const CIFAR_10: CifarLayout = { name: 'CIFAR-10', labels: [{ what: 'label', classes: 10 }] };
export const CIFAR_100: CifarLayout = {
  name: 'CIFAR-100',
  labels: [
    { what: 'coarse label', classes: 20 },
    { what: 'fine label', classes: 100 },
  ],
};

/** Bytes of a record. */
export function cifarRecord(layout: CifarLayout): number {
  return layout.labels.length + CIFAR_PICTURE;
}

/**
 * The pictures of one file.
 * @throws BadInput if a label is too large or the last record is cut off; the record is named.
 */
export async function* readCifar(source: Source, layout: CifarLayout): AsyncGenerator<PictureBlock> {
  for await (const { first, count, bytes } of recordBlocks(source, cifarRecord(layout))) {
    yield cifarBlock(bytes, count, first, layout, source.path);
  }
}

function cifarBlock(bytes: Uint8Array, count: number, first: number, layout: CifarLayout, path: string): PictureBlock {
  const record = cifarRecord(layout);
  const labels = new Int16Array(count);
  const pixels = new Uint8Array(count * CIFAR_PICTURE);
  for (let i = 0; i < count; i++) {
    layout.labels.forEach(({ what, classes }, place) => {
      const label = bytes[i * record + place];
      if (label < classes) return;
      const where = `its record ${first + i} (from 0, at byte ${(first + i) * record})`;
      throw new BadInput(
        `${path} is no ${layout.name} file: ${where} has the ${what} ${label}, and those go from 0 to ${classes - 1}.`,
      );
    });
    const picture = i * record + layout.labels.length;
    labels[i] = bytes[picture - 1];
    fromRowPlanes(bytes, picture, pixels, i * CIFAR_PICTURE, CIFAR_SIDE);
  }
  return { width: CIFAR_SIDE, height: CIFAR_SIDE, count, pixels, labels };
}

export interface Cifar10 {
  count: number;
  /** 0–9. [count] */
  labels: Uint8Array;
  /** RGB bytes. [count, 32, 32, 3] */
  pixels: Uint8Array;
}

/**
 * The pictures of one CIFAR-10 file that is in memory.
 * @throws BadInput if the bytes are no whole number of records, or a label is above 9.
 */
export function readCifar10(bytes: Uint8Array): Cifar10 {
  const record = cifarRecord(CIFAR_10);
  if (bytes.length === 0 || bytes.length % record !== 0) {
    throw new BadInput(
      `This is not a CIFAR-10 file: its ${bytes.length} bytes are no whole number of records of ${record} bytes.`,
    );
  }
  const { count, labels, pixels } = cifarBlock(bytes, bytes.length / record, 0, CIFAR_10, 'This file');
  return { count, labels: Uint8Array.from(labels), pixels };
}

/**
 * A CIFAR-10 file of pictures: what readCifar10 read, to the byte.
 * @param pixels RGB bytes, [count, 32, 32, 3]
 */
export function writeCifar10(pixels: Uint8Array, labels: ArrayLike<number>): Uint8Array {
  const record = cifarRecord(CIFAR_10);
  const bytes = new Uint8Array(labels.length * record);
  for (let i = 0; i < labels.length; i++) {
    bytes[i * record] = labels[i];
    toRowPlanes(pixels, i * CIFAR_PICTURE, bytes, i * record + 1, CIFAR_SIDE);
  }
  return bytes;
}
