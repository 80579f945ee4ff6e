/** Pictures in rows as one bitmap, whose pixels are blocks of scale × scale; transparent where there is none yet. */
import type { Evaluation } from '../../workers/contract.ts';
import type { Pixels } from '../ui/Bitmap.tsx';

export const COLUMNS = 8;

interface Layout {
  /** Places, of which the first have pictures. */
  places: number;
  scale: number;
  /** Between pictures. */
  gap: number;
}

/** RGB bytes [n, side, side, 3] of up to as many pictures as there are places. */
export function sheetOf({ side, pixels }: Evaluation['samples'], { places, scale, gap }: Layout): Pixels {
  const [size, picture] = [side * scale, 3 * side * side];
  const columns = Math.min(COLUMNS, places);
  const width = columns * (size + gap) - gap;
  const height = Math.ceil(places / columns) * (size + gap) - gap;
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let n = 0; n < Math.min(places, pixels.length / picture); n++) {
    const [left, top] = [(n % columns) * (size + gap), Math.floor(n / columns) * (size + gap)];
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const from = n * picture + 3 * (Math.floor(y / scale) * side + Math.floor(x / scale));
        const to = 4 * ((top + y) * width + left + x);
        for (let c = 0; c < 3; c++) rgba[to + c] = pixels[from + c];
        rgba[to + 3] = 255;
      }
    }
  }
  return { width, height, rgba };
}

/** One picture of several. */
export function pictureOf({ side, pixels }: Evaluation['samples'], n: number): Pixels {
  const picture = 3 * side * side;
  const one = { side, pixels: pixels.subarray(n * picture, (n + 1) * picture) };
  return sheetOf(one, { places: 1, scale: 1, gap: 0 });
}
