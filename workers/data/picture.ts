/** A picture file of the visitor's to the pixels that a model takes: checked first, decoded by the browser, reduced. */

import { BadInput } from '../errors.ts';
import { type PictureHeader, pictureHeader } from './picture-header.ts';
import { resizeArea } from './resize.ts';

export { type PictureHeader, pictureHeader } from './picture-header.ts';

/** Decoded, a picture takes four bytes a pixel; more than this can end the tab. */
export const MAX_PIXELS = 64e6;
/** No picture of MAX_PIXELS needs more: it would be larger than its own decoded pixels. */
const MAX_BYTES = 256e6;
/** Pixels read back at once. Some browsers refuse a canvas of more than 16 million. */
const STRIP_PIXELS = 1e6;

/**
 * A picture's centre square, reduced to side × side RGB bytes; what is transparent becomes white.
 * @throws BadInput if the file is no picture, is too large or cannot be decoded.
 */
export async function readPicture(file: Blob, side: number): Promise<{ rgb: Uint8Array; note?: string }> {
  if (file.size > MAX_BYTES) {
    throw new BadInput(
      `This file has ${Math.round(file.size / 1e6)} MB; pictures of at most ${MAX_BYTES / 1e6} MB can be read.`,
    );
  }
  const bytes = await file.arrayBuffer();
  const header = pictureHeader(new Uint8Array(bytes));
  checkSize(header);
  const bitmap = await decodeInBrowser(new Blob([bytes], { type: `image/${header.type}` }), header);
  try {
    const square = Math.min(bitmap.width, bitmap.height);
    const rgb = resizeArea(centreSquare(bitmap, square), square, square, side);
    return header.animated ? { rgb, note: 'This is an animation: its first frame is used.' } : { rgb };
  } finally {
    bitmap.close();
  }
}

/** @throws BadInput if the picture has no pixels or more than MAX_PIXELS. */
export function checkSize({ width, height }: PictureHeader): void {
  if (width === 0 || height === 0) throw new BadInput(`This picture is empty: it has ${width} × ${height} pixels.`);
  if (width * height > MAX_PIXELS) {
    throw new BadInput(
      `This picture has ${width} × ${height} pixels, more than the ${MAX_PIXELS / 1e6} million that can be read.`,
    );
  }
}

/** @throws BadInput if the browser cannot. The caller closes the bitmap. */
export async function decodeInBrowser(blob: Blob, { type }: PictureHeader): Promise<ImageBitmap> {
  if (typeof createImageBitmap !== 'function' || typeof OffscreenCanvas !== 'function') {
    throw new BadInput(
      'This browser cannot read pictures for this page, because it has no OffscreenCanvas: use a newer one.',
    );
  }
  try {
    return await createImageBitmap(blob);
  } catch {
    throw new BadInput(
      `This ${type.toUpperCase()} picture could not be decoded: it is damaged, or this browser does not know the format.`,
    );
  }
}

/** RGB bytes of the centre square on white, read strip by strip. [square, square, 3] */
export function centreSquare(bitmap: ImageBitmap, square: number): Uint8Array {
  const left = (bitmap.width - square) >> 1;
  const top = (bitmap.height - square) >> 1;
  const rows = Math.min(square, Math.max(1, Math.floor(STRIP_PIXELS / square)));
  const context = new OffscreenCanvas(square, rows).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no 2d context');
  context.fillStyle = 'white';
  const rgb = new Uint8Array(square * square * 3);
  for (let row = 0; row < square; row += rows) {
    context.fillRect(0, 0, square, rows);
    context.drawImage(bitmap, -left, -top - row);
    const { data } = context.getImageData(0, 0, square, Math.min(rows, square - row));
    const at = row * square * 3;
    for (let i = 0; i < data.length / 4; i++) {
      rgb[at + 3 * i] = data[4 * i];
      rgb[at + 3 * i + 1] = data[4 * i + 1];
      rgb[at + 3 * i + 2] = data[4 * i + 2];
    }
  }
  return rgb;
}
