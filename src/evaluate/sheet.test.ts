import { expect, test } from 'vitest';
import { COLUMNS, pictureOf, sheetOf } from './sheet.ts';

/** So many pictures of 2 × 2 pixels; picture n has the colour n. */
const samples = (count: number) => ({
  side: 2,
  pixels: Uint8Array.from({ length: 12 * count }, (_, i) => Math.floor(i / 12) + 1),
});

test('pictures stand in rows with gaps between them, places without one and gaps are transparent', () => {
  const { width, height, rgba } = sheetOf(samples(9), { places: 10, scale: 2, gap: 1 });
  expect([width, height]).toEqual([COLUMNS * 5 - 1, 9]);
  const at = (x: number, y: number) => [...rgba.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)];
  expect(at(0, 0)).toEqual([1, 1, 1, 255]);
  expect(at(4, 0)).toEqual([0, 0, 0, 0]);
  expect(at(5, 3)).toEqual([2, 2, 2, 255]);
  expect(at(0, 5)).toEqual([9, 9, 9, 255]);
  expect(at(5, 5)).toEqual([0, 0, 0, 0]);
});

test('a single picture is cut out of many', () => {
  const { width, height, rgba } = pictureOf(samples(3), 1);
  expect([width, height, ...rgba.subarray(0, 4)]).toEqual([2, 2, 2, 2, 2, 255]);
});
