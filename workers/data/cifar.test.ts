import { describe, expect, it } from 'vitest';
import { BadInput } from '../errors.ts';
import { readCifar10 } from './cifar.ts';

/** Records whose red, green and blue at pixel i are i, i + 1 and i + 2 plus the record's number, modulo 256. */
function records(...labels: number[]): Uint8Array {
  return Uint8Array.from(
    labels.flatMap((label, n) => [
      label,
      ...[0, 1, 2].flatMap((c) => Array.from({ length: 1024 }, (_, i) => i + c + n)),
    ]),
  );
}

describe('a CIFAR-10 file', () => {
  it('gives labels and interleaved pixels', () => {
    const { count, labels, pixels } = readCifar10(records(9, 0));
    expect([count, ...labels]).toEqual([2, 9, 0]);
    expect(pixels.length).toBe(2 * 3072);
    expect([...pixels.subarray(0, 6)]).toEqual([0, 1, 2, 1, 2, 3]);
    expect([...pixels.subarray(3072 + 3 * 33, 3072 + 3 * 33 + 3)]).toEqual([34, 35, 36]);
  });

  it.each([0, 1, 3072, 3074, 6145])('of %i bytes is refused', (length) => {
    expect(() => readCifar10(new Uint8Array(length))).toThrow(
      new BadInput(`This is not a CIFAR-10 file: its ${length} bytes are no whole number of records of 3073 bytes.`),
    );
  });

  it('with an unknown label is refused, and the record is named', () => {
    expect(() => readCifar10(records(1, 2, 10))).toThrow(
      new BadInput(
        'This file is no CIFAR-10 file: its record 2 (from 0, at byte 6146) has the label 10, and those go from 0 to 9.',
      ),
    );
  });
});
