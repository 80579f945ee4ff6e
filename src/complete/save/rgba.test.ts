import { expect, test } from 'vitest';
import { UNKNOWN } from '../../../workers/contract.ts';
import { pictureBitmap, sheetBitmap } from './rgba.ts';

const PALETTE = Uint8Array.of(10, 20, 30, 40, 50, 60);
const rgbaAt = ({ width, data }: { width: number; data: Uint8ClampedArray }, x: number, y: number) => [
  ...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4),
];

test('every pixel becomes a block of its colour, and unknown ones stay transparent', () => {
  const bitmap = pictureBitmap(Int16Array.of(0, 1, UNKNOWN, 0), PALETTE, 2, 3);
  expect(bitmap.width).toBe(6);
  expect(rgbaAt(bitmap, 2, 2)).toEqual([10, 20, 30, 255]);
  expect(rgbaAt(bitmap, 3, 0)).toEqual([40, 50, 60, 255]);
  expect(rgbaAt(bitmap, 0, 5)).toEqual([0, 0, 0, 0]);
});

test('a sheet puts pictures in rows on white', () => {
  const one = pictureBitmap(Int16Array.of(0), PALETTE, 1, 2);
  const blank = pictureBitmap(Int16Array.of(UNKNOWN), PALETTE, 1, 2);
  const sheet = sheetBitmap([one, blank, one], 2, 1);
  expect([sheet.width, sheet.height]).toEqual([7, 7]);
  expect(rgbaAt(sheet, 1, 1)).toEqual([10, 20, 30, 255]);
  expect(rgbaAt(sheet, 4, 1)).toEqual([255, 255, 255, 255]);
  expect(rgbaAt(sheet, 2, 5)).toEqual([10, 20, 30, 255]);
  expect(rgbaAt(sheet, 0, 0)).toEqual([255, 255, 255, 255]);
});
