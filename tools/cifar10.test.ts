import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { CIFAR10_RECORD, cifar10File, cifar10Records } from './cifar10.ts';

test('a row of the PNG becomes a label and three planes', () => {
  const rgba = new Uint8Array(2 * 1024 * 4);
  rgba.set([1, 2, 3, 255, 4, 5, 6, 255], 0);
  rgba.set([7, 8, 9, 255], 1024 * 4);
  const records = cifar10Records(rgba, [5, 9]);
  expect(records).toHaveLength(2 * CIFAR10_RECORD);
  expect([...records.subarray(0, 3)]).toEqual([5, 1, 4]);
  expect([...records.subarray(1 + 1024, 3 + 1024)]).toEqual([2, 5]);
  expect([...records.subarray(1 + 2048, 3 + 2048)]).toEqual([3, 6]);
  expect([...records.subarray(CIFAR10_RECORD, CIFAR10_RECORD + 2)]).toEqual([9, 7]);
});

test('without the optional package there is no file', async () => {
  expect(await cifar10File('test_batch', tmpdir())).toBeNull();
});
