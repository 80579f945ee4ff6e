/**
 * CIFAR-10's binary files: records of a label, then 1,024 red, 1,024 green and 1,024 blue bytes, no header.
 * Source: cs.toronto.edu/~kriz/cifar.html, "Binary version".
 */

import { BadInput } from '../errors.ts';

const PLANE = 32 * 32;
const RECORD = 1 + 3 * PLANE;
const CLASSES = 10;

export interface Cifar10 {
  count: number;
  /** 0–9. [count] */
  labels: Uint8Array;
  /** RGB bytes. [count, 32, 32, 3] */
  pixels: Uint8Array;
}

/**
 * The pictures of one file.
 * @throws BadInput if the bytes are no whole number of records, or a label is above 9.
 */
export function readCifar10(bytes: Uint8Array): Cifar10 {
  if (bytes.length === 0 || bytes.length % RECORD !== 0) {
    throw new BadInput(
      `This is not a CIFAR-10 file: its ${bytes.length} bytes are no whole number of records of ${RECORD} bytes.`,
    );
  }
  const count = bytes.length / RECORD;
  const labels = new Uint8Array(count);
  const pixels = new Uint8Array(count * 3 * PLANE);
  for (let record = 0; record < count; record++) {
    const at = record * RECORD;
    if (bytes[at] >= CLASSES) {
      throw new BadInput(
        `This is not a CIFAR-10 file: record ${record} (from 0) has the label ${bytes[at]}, and labels go from 0 to 9.`,
      );
    }
    labels[record] = bytes[at];
    const out = record * 3 * PLANE;
    for (let c = 0; c < 3; c++) {
      const plane = at + 1 + c * PLANE;
      for (let i = 0; i < PLANE; i++) pixels[out + 3 * i + c] = bytes[plane + i];
    }
  }
  return { count, labels, pixels };
}
