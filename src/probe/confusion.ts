/** What a classifier takes for what. */
import { HEAT_COLOURS, HEAT_STEPS } from '../complete/heatColours.ts';
import type { Pixels } from '../ui/Bitmap.tsx';

export interface Cell {
  /** The class, and the one that it was taken for; places in the list of classes. */
  is: number;
  taken: number;
  count: number;
  /** Of all pictures of the class. */
  share: number;
}

/** Row by row. The confusion is [classes, classes]. */
export function cellsOf(confusion: Uint32Array, classes: number): Cell[][] {
  return Array.from({ length: classes }, (_, is) => {
    const row = confusion.subarray(is * classes, (is + 1) * classes);
    const all = row.reduce((sum, count) => sum + count, 0);
    return Array.from(row, (count, taken) => ({ is, taken, count, share: count / Math.max(1, all) }));
  });
}

/** Those off the diagonal that happen most often. */
export const worstOf = (cells: Cell[][], most: number): Cell[] =>
  cells
    .flat()
    .filter(({ is, taken, count }) => is !== taken && count > 0)
    .sort((a, b) => b.share - a.share)
    .slice(0, most);

/** A pixel a cell. */
export function heatOf(cells: Cell[][]): Pixels {
  const size = cells.length;
  const rgba = new Uint8ClampedArray(4 * size * size);
  cells.flat().forEach(({ share }, i) => {
    const colour = Math.round(share * (HEAT_STEPS - 1));
    rgba.set(HEAT_COLOURS.subarray(3 * colour, 3 * colour + 3), 4 * i);
    rgba[4 * i + 3] = 255;
  });
  return { width: size, height: size, rgba };
}

/** As a table: a row for each class, a column for each that its pictures were taken for. */
export function csvOf(cells: Cell[][], classes: string[]): string {
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const rows = cells.map((row, is) => [quoted(classes[is]), ...row.map(({ count }) => count)].join(','));
  return `${[['class', ...classes.map(quoted)].join(','), ...rows].join('\n')}\n`;
}
