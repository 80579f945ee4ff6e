/** PNG files of one picture, or of all of them on a sheet. */
import type { Run } from '../../state/completion.ts';
import { type Bitmap, cleanScale, pictureBitmap, sheetBitmap } from './rgba.ts';

const SHEET_SCALE = 8;
const SHEET_GAP = 8;

export function bitmapPng({ width, height, data }: Bitmap): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')!.putImageData(new ImageData(data, width, height), 0, 0);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser could not make a PNG of this.')))),
  );
}

export const picturePng = (run: Run, tokens: Int16Array): Promise<Blob> =>
  bitmapPng(pictureBitmap(tokens, run.palette, run.side, cleanScale(run.side)));

/** What was given, then every completion; near to a square. */
export function sheetPng(run: Run): Promise<Blob> {
  const pictures = [run.given, ...run.variants.map((v) => v.tokens)];
  const bitmaps = pictures.map((tokens) => pictureBitmap(tokens, run.palette, run.side, SHEET_SCALE));
  return bitmapPng(sheetBitmap(bitmaps, Math.ceil(Math.sqrt(pictures.length)), SHEET_GAP));
}
