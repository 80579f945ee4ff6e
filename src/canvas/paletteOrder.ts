/**
 * Lays a palette out so that a person finds a colour: greys first, then bands of one hue, each a muted and a vivid row.
 * Every row runs from dark to light.
 */
import { paletteColour, type Seen, seen } from './colour.ts';

/** The share of colours, the least chromatic ones, that counts as grey. */
const GREYS = 1 / 5;

/** Where reds begin: the seam of the hue circle lies between pink and red. */
const FIRST_HUE = 5;

/** Palette indices in rows of `columns`; the last row may be shorter. */
export function paletteRows(palette: Uint8Array, columns: number): number[][] {
  const colours = Array.from({ length: palette.length / 3 }, (_, index) => ({
    index,
    seen: seen(paletteColour(palette, index)),
  }));
  const colourfulness = ({ chroma, lightness }: Seen) => chroma / (0.2 + lightness);
  const byColourfulness = colours.toSorted((a, b) => colourfulness(a.seen) - colourfulness(b.seen));
  const greyRows = Math.round((colours.length * GREYS) / columns);
  const greys = byColourfulness.slice(0, greyRows * columns).sort((a, b) => a.seen.lightness - b.seen.lightness);
  const hueFromRed = ({ hue }: Seen) => (hue - FIRST_HUE + 360) % 360;
  const hues = byColourfulness.slice(greyRows * columns).sort((a, b) => hueFromRed(a.seen) - hueFromRed(b.seen));

  const rows = Array.from({ length: greyRows }, (_, row) => greys.filter((_, i) => i % greyRows === row));
  for (let from = 0; from < hues.length; from += 2 * columns) {
    const band = hues.slice(from, from + 2 * columns).sort((a, b) => colourfulness(a.seen) - colourfulness(b.seen));
    for (const row of [band.slice(0, columns), band.slice(columns)]) {
      if (row.length > 0) rows.push(row.sort((a, b) => a.seen.lightness - b.seen.lightness));
    }
  }
  return rows.map((row) => row.map(({ index }) => index));
}

/** Where an arrow key leads from a place in the rows; null for another key. */
export function movedInRows(
  rows: readonly (readonly number[])[],
  row: number,
  column: number,
  key: string,
): number | null {
  const order = rows.flat();
  const columns = rows[0].length;
  const at = row * columns + column;
  const clamped = (to: number) => order[Math.min(order.length - 1, Math.max(0, to))];
  switch (key) {
    case 'ArrowLeft':
      return clamped(at - 1);
    case 'ArrowRight':
      return clamped(at + 1);
    case 'ArrowUp':
      return order[row > 0 ? at - columns : at];
    case 'ArrowDown':
      return order[at + columns < order.length ? at + columns : at];
    case 'Home':
      return rows[row][0];
    case 'End':
      return rows[row].at(-1)!;
    case 'PageUp':
      return order[column];
    case 'PageDown':
      return rows.at(-1)![Math.min(column, rows.at(-1)!.length - 1)];
    default:
      return null;
  }
}
