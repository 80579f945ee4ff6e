import { expect, test } from 'vitest';
import type { Pixels } from '../ui/Bitmap.tsx';
import { tilesOf } from './sheet.ts';

/** Pictures of one pixel; picture i is i + 1. */
const sheet = (...labels: number[]) => ({
  side: 1,
  pixels: Uint8Array.from({ length: 3 * labels.length }, (_, i) => 1 + Math.floor(i / 3)),
  labels: Int16Array.from(labels),
});
const shown = ({ rgba }: Pixels) => [...rgba].filter((_, i) => i % 4 === 0);

test('each class has a row, also one that has fewer pictures', () => {
  const { columns, rows, pixels } = tilesOf(sheet(0, 0, 1, 2, 2), 3);
  expect([columns, rows]).toEqual([2, 3]);
  expect(shown(pixels)).toEqual([1, 2, 3, 0, 4, 5]);
  expect(pixels.rgba[4 * 3 + 3]).toBe(0);
});

test('pictures without classes stand in rows of ten', () => {
  const { columns, rows, pixels } = tilesOf(sheet(...new Array(12).fill(-1)), 0);
  expect([columns, rows]).toEqual([10, 2]);
  expect(shown(pixels).slice(0, 12)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test('a picture of several pixels stays together', () => {
  const two = {
    side: 2,
    pixels: Uint8Array.from({ length: 24 }, (_, i) => Math.floor(i / 3)),
    labels: Int16Array.of(0, 0),
  };
  expect(shown(tilesOf({ ...two, labels: Int16Array.of(0, 1) }, 2).pixels)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  const row = shown(tilesOf(two, 2).pixels);
  expect(row.slice(0, 8)).toEqual([0, 1, 4, 5, 2, 3, 6, 7]);
});
