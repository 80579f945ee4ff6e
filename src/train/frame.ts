/** Drawn pictures side by side as one bitmap. */
import type { Pixels } from '../ui/Bitmap.tsx';

/** Pixels between two pictures. */
const GAP = 1;

/** So many pictures in two rows. */
export const columnsOf = (count: number): number => Math.ceil(count / 2);

/**
 * @param tokens [n, side × side]
 * @param palette RGB bytes, [colours × 3]
 */
export function frameOf(tokens: Int16Array, side: number, palette: Uint8Array, columns: number): Pixels {
  const count = tokens.length / side ** 2;
  const rows = Math.ceil(count / columns);
  const width = columns * (side + GAP) - GAP;
  const height = rows * (side + GAP) - GAP;
  const rgba = new Uint8ClampedArray(4 * width * height);
  tokens.forEach((token, i) => {
    const picture = Math.floor(i / side ** 2);
    const x = (picture % columns) * (side + GAP) + (i % side);
    const y = Math.floor(picture / columns) * (side + GAP) + (Math.floor(i / side) % side);
    const to = 4 * (y * width + x);
    for (let c = 0; c < 3; c++) rgba[to + c] = palette[3 * token + c];
    rgba[to + 3] = 255;
  });
  return { width, height, rgba };
}
