/** A palette as a bitmap, a colour a pixel, in the order in which colours are found. */
import { paletteRows } from '../canvas/paletteOrder.ts';
import type { Pixels } from '../ui/Bitmap.tsx';

/** Few colours do not get smaller for it, and many stay a band. */
const FEW = 64;
const [NARROW, WIDE] = [16, 32];

/** @param bytes RGB, [colours × 3] */
export function swatchesOf(bytes: Uint8Array): Pixels {
  const width = bytes.length / 3 <= FEW ? NARROW : WIDE;
  const places = paletteRows(bytes, width).flat();
  const height = Math.ceil(places.length / width);
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (const [i, colour] of places.entries()) rgba.set([...bytes.subarray(3 * colour, 3 * colour + 3), 255], 4 * i);
  return { width, height, rgba };
}
