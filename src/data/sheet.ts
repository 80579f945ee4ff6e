/** A sheet of pictures as one bitmap: tiles in rows, a class a row where there are few classes. */
import type { DatasetSheet } from '../../workers/contract.ts';
import type { Pixels } from '../ui/Bitmap.tsx';

export interface Tiles {
  columns: number;
  rows: number;
  /** All tiles, transparent where there is none. */
  pixels: Pixels;
}

const PLAIN_COLUMNS = 10;

/** The most pictures that a class has on the sheet; undefined where pictures do not come class after class. */
function perClass(labels: Int16Array, classes: number): number | undefined {
  if (classes < 2 || labels.some((label, i) => label < 0 || (i > 0 && label < labels[i - 1]))) return undefined;
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] += 1;
  return Math.max(...counts);
}

export function tilesOf({ side, pixels: rgb, labels }: DatasetSheet, classes: number): Tiles {
  const columns = perClass(labels, classes) ?? PLAIN_COLUMNS;
  const byClass = perClass(labels, classes) !== undefined;
  const rows = byClass ? classes : Math.ceil(labels.length / columns);
  const rgba = new Uint8ClampedArray(rows * columns * side * side * 4);
  const placed = new Array<number>(rows).fill(0);
  labels.forEach((label, i) => {
    const row = byClass ? label : Math.floor(i / columns);
    const column = placed[row]++;
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const from = 3 * ((i * side + y) * side + x);
        const to = 4 * ((row * side + y) * columns * side + column * side + x);
        rgba[to] = rgb[from];
        rgba[to + 1] = rgb[from + 1];
        rgba[to + 2] = rgb[from + 2];
        rgba[to + 3] = 255;
      }
    }
  });
  return { columns, rows, pixels: { width: columns * side, height: rows * side, rgba } };
}
