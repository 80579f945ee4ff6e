/** Pictures of palette indices as RGBA bytes, each pixel a block of scale × scale. */
import { UNKNOWN } from '../../../workers/contract.ts';

export interface Bitmap {
  width: number;
  height: number;
  /** [height, width, 4] */
  data: Uint8ClampedArray<ArrayBuffer>;
}

/** The whole factor that brings a picture to about 512 pixels a side. */
export const cleanScale = (side: number): number => Math.max(1, Math.floor(512 / side));

/** Unknown pixels stay transparent. */
export function pictureBitmap(tokens: Int16Array, palette: Uint8Array, side: number, scale: number): Bitmap {
  const size = side * scale;
  const data = new Uint8ClampedArray(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const token = tokens[Math.floor(y / scale) * side + Math.floor(x / scale)];
      if (token === UNKNOWN) continue;
      const at = (y * size + x) * 4;
      data.set(palette.subarray(token * 3, token * 3 + 3), at);
      data[at + 3] = 255;
    }
  }
  return { width: size, height: size, data };
}

/** Pictures of one size in rows of `columns`, with a gap between and around them; white where nothing is. */
export function sheetBitmap(pictures: readonly Bitmap[], columns: number, gap: number): Bitmap {
  const { width: w, height: h } = pictures[0];
  const rows = Math.ceil(pictures.length / columns);
  const width = columns * (w + gap) + gap;
  const height = rows * (h + gap) + gap;
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (const [n, picture] of pictures.entries()) {
    const left = gap + (n % columns) * (w + gap);
    const top = gap + Math.floor(n / columns) * (h + gap);
    for (let from = 0; from < picture.data.length; from += 4) {
      if (picture.data[from + 3] === 0) continue;
      const x = left + ((from / 4) % w);
      const y = top + Math.floor(from / 4 / w);
      data.set(picture.data.subarray(from, from + 4), (y * width + x) * 4);
    }
  }
  return { width, height, data };
}
