import { expect, it } from 'vitest';
import { cellsOf, csvOf, heatOf, worstOf } from './confusion.ts';

// Three cats, two of them taken for dogs; four dogs, one taken for a fish; no fish.
const cells = cellsOf(Uint32Array.of(1, 2, 0, 0, 3, 1, 0, 0, 0), 3);

it('has the share of each class, also of one without pictures', () => {
  expect(cells.map((row) => row.map(({ share }) => share))).toEqual([
    [1 / 3, 2 / 3, 0],
    [0, 0.75, 0.25],
    [0, 0, 0],
  ]);
});

it('names what is confused most, and nothing that is right or never happens', () => {
  expect(worstOf(cells, 9).map(({ is, taken, count }) => [is, taken, count])).toEqual([
    [0, 1, 2],
    [1, 2, 1],
  ]);
});

it('is a table with the names of the classes', () => {
  expect(csvOf(cells, ['cat', 'the "dog"', 'fish'])).toBe(
    'class,"cat","the ""dog""","fish"\n"cat",1,2,0\n"the ""dog""",0,3,1\n"fish",0,0,0\n',
  );
});

it('is brighter where more is', () => {
  const { width, rgba } = heatOf(cells);
  const green = Array.from({ length: 9 }, (_, i) => rgba[4 * i + 1]);
  expect(width).toBe(3);
  expect(green[4]).toBeGreaterThan(green[1]);
  expect(green[1]).toBeGreaterThan(green[0]);
});
