import { describe, expect, it } from 'vitest';
import { paletteColour, seen } from './colour.ts';
import { movedInRows, paletteRows } from './paletteOrder.ts';

const cube = Uint8Array.from(
  { length: 512 * 3 },
  (_, i) => [(i / 3) >> 6, ((i / 3) >> 3) & 7, (i / 3) & 7][i % 3] * 36,
);

describe('the order of a palette', () => {
  it.each([12, 16, 32])('shows each colour once in rows of %i', (columns) => {
    const rows = paletteRows(cube, columns);
    expect(rows.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 512 }, (_, i) => i));
    for (const row of rows.slice(0, -1)) expect(row).toHaveLength(columns);
  });

  it('runs from dark to light in every row, greys first', () => {
    const rows = paletteRows(cube, 16).map((row) => row.map((index) => seen(paletteColour(cube, index))));
    for (const row of rows) {
      expect(row.map(({ lightness }) => lightness)).toEqual(
        row.map(({ lightness }) => lightness).toSorted((a, b) => a - b),
      );
    }
    const mean = (row: { chroma: number }[]) => row.reduce((sum, { chroma }) => sum + chroma, 0) / row.length;
    expect(mean(rows[0])).toBeLessThan(mean(rows[10]));
  });

  it('manages with a palette smaller than a row', () => {
    expect(paletteRows(Uint8Array.of(255, 255, 255, 0, 0, 0), 16)).toEqual([[1, 0]]);
  });
});

describe('arrow keys in the palette', () => {
  const rows = [
    [10, 11, 12],
    [20, 21, 22],
    [30, 31],
  ];

  it('move to the neighbour and stop at the edges', () => {
    expect(movedInRows(rows, 0, 1, 'ArrowRight')).toBe(12);
    expect(movedInRows(rows, 0, 2, 'ArrowRight')).toBe(20);
    expect(movedInRows(rows, 0, 0, 'ArrowLeft')).toBe(10);
    expect(movedInRows(rows, 0, 1, 'ArrowUp')).toBe(11);
    expect(movedInRows(rows, 1, 1, 'ArrowDown')).toBe(31);
    expect(movedInRows(rows, 1, 2, 'ArrowDown')).toBe(22);
    expect(movedInRows(rows, 2, 1, 'ArrowRight')).toBe(31);
  });

  it('reach the ends of rows and of the palette', () => {
    expect(movedInRows(rows, 1, 1, 'Home')).toBe(20);
    expect(movedInRows(rows, 1, 1, 'End')).toBe(22);
    expect(movedInRows(rows, 1, 1, 'PageUp')).toBe(11);
    expect(movedInRows(rows, 0, 2, 'PageDown')).toBe(31);
    expect(movedInRows(rows, 0, 0, 'b')).toBeNull();
  });
});
