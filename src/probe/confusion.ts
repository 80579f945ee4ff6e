/** What a classifier takes for what. */
import { type CellMap, heatColour, type PlacedCell } from '../charts/cellSheet.ts';
import { HEAT_COLOURS, HEAT_STEPS } from '../complete/heatColours.ts';
import type { Pixels } from '../ui/Bitmap.tsx';

/** Classes whose names and shares can be read beside each other. */
export const MOST_NAMED = 20;
/** A cell of those, and the plane of more, in pixels. */
const NAMED_CELL = 32;
const PLANE = 480;

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

/** To be taken away as a picture; as on the page, few classes have names and shares, many have colours alone. */
export function mapOf(cells: Cell[][], classes: string[], ink: CellMap['ink']): CellMap {
  const n = classes.length;
  const named = n <= MOST_NAMED;
  const side = named ? NAMED_CELL * n : PLANE;
  const placed = ({ is, taken, share, count }: Cell): PlacedCell => {
    const place = { x: taken / n, y: is / n, width: 1 / n, height: 1 / n };
    if (!named) return { ...place, fill: heatColour(share) };
    // Half of the accent at most: the figures stay readable on it.
    const text = count > 0 ? String(Math.round(100 * share)) : undefined;
    return { ...place, fill: ink('--accent'), opacity: share / 2, text };
  };
  const names = named ? classes.map((text, i) => ({ at: (i + 0.5) / n, text })) : [];
  const ground: PlacedCell[] = named ? [{ x: 0, y: 0, width: 1, height: 1, fill: ink('--paper-sunk') }] : [];
  return {
    title: 'Confusion matrix',
    width: side,
    height: side,
    cells: [...ground, ...cells.flat().map(placed)],
    rows: names,
    columns: names,
    upright: true,
    xLabel: named
      ? 'A row a class: the percent of its pictures put into each column'
      : 'A row a class: the share of its pictures put into each column',
    ...(!named && { scale: ['0 %', '100 %'] }),
    ink,
  };
}

/** As a table: a row for each class, a column for each that its pictures were taken for. */
export function csvOf(cells: Cell[][], classes: string[]): string {
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const rows = cells.map((row, is) => [quoted(classes[is]), ...row.map(({ count }) => count)].join(','));
  return `${[['class', ...classes.map(quoted)].join(','), ...rows].join('\n')}\n`;
}
