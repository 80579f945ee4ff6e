/** Many pictures at once to the side that a model takes: exact area means, so antialiased, in both directions of size. */

import { resizeArea } from './resize.ts';

/**
 * @param pixels RGB bytes, [n, from, from, 3]
 * @returns RGB bytes, [n, to, to, 3]; the pixels themselves where the sides are equal
 */
export function reducePictures(pixels: Uint8Array, from: number, to: number): Uint8Array {
  if (from === to) return pixels;
  const [large, small] = [3 * from * from, 3 * to * to];
  const count = pixels.length / large;
  const reduced = new Uint8Array(count * small);
  for (let i = 0; i < count; i++) {
    reduced.set(resizeArea(pixels.subarray(i * large, (i + 1) * large), from, from, to), i * small);
  }
  return reduced;
}
