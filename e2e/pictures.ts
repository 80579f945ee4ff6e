/** Pictures for uploads, in files. */

import type { Page } from '@playwright/test';
import { PNG } from 'pngjs';

/** [red, green, blue] or [red, green, blue, alpha] of the pixel at x, y; 0 to 255. */
export type ColourAt = (x: number, y: number) => [number, number, number] | [number, number, number, number];

/** A PNG file. */
export function pngPicture(width: number, height: number, colourAt: ColourAt): Buffer {
  const png = new PNG({ width, height });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [red, green, blue, alpha = 255] = colourAt(x, y);
      png.data.set([red, green, blue, alpha], (y * width + x) * 4);
    }
  }
  return PNG.sync.write(png);
}

/** A JPEG file, encoded by the page's browser: no package here writes JPEG. */
export async function jpegPicture(page: Page, width: number, height: number, colourAt: ColourAt): Promise<Buffer> {
  const png = pngPicture(width, height, colourAt).toString('base64');
  const jpeg = await page.evaluate(async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, png);
  return Buffer.from(jpeg);
}

/** A small PNG file whose header claims another size. */
export function pngThatClaims(width: number, height: number): Buffer {
  const png = pngPicture(1, 1, () => [0, 0, 0]);
  const [WIDTH_AT, HEIGHT_AT] = [16, 20];
  png.writeUInt32BE(width, WIDTH_AT);
  png.writeUInt32BE(height, HEIGHT_AT);
  return png;
}

/** A GIF file of one pixel that shows one colour after the other. */
export function gifOfOnePixel(first: [number, number, number], second: [number, number, number]): Buffer {
  /** LZW codes of three bits: start, the colour, end. */
  const pixel = (colour: number): number[] => {
    const codes = 4 | (colour << 3) | (5 << 6);
    return [codes & 0xff, codes >> 8];
  };
  const frame = (colour: number): number[] => [
    // 100 ms, no transparency; then one pixel at the corner.
    ...[0x21, 0xf9, 4, 0, 10, 0, 0, 0],
    ...[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0],
    ...[2, 2, ...pixel(colour), 0],
  ];
  const size = [1, 0, 1, 0, 0x80, 0, 0];
  return Buffer.from([...Buffer.from('GIF89a'), ...size, ...first, ...second, ...frame(0), ...frame(1), 0x3b]);
}

/**
 * A JPEG file of 8 × 8 pixels in one colour, as print shops have them: cyan, magenta, yellow and black, 255 for full ink,
 * stored upside down as Adobe's programs do.
 */
export function cmykJpeg(inks: [cyan: number, magenta: number, yellow: number, black: number]): Buffer {
  const segment = (marker: number, ...content: number[]): number[] => [
    0xff,
    marker,
    (content.length + 2) >> 8,
    (content.length + 2) & 0xff,
    ...content,
  ];
  const components = [1, 2, 3, 4];
  const sizes = Array.from({ length: 12 }, (_, bits) => bits);
  /** How many Huffman codes there are of each length from 1 to 16. */
  const codes = (length: number, count: number) => Array.from({ length: 16 }, (_, n) => (n + 1 === length ? count : 0));
  const head = [
    [0xff, 0xd8],
    segment(0xee, ...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, 0),
    // No quantization.
    segment(0xdb, 0, ...new Array(64).fill(1)),
    segment(0xc0, 8, 0, 8, 0, 8, 4, ...components.flatMap((id) => [id, 0x11, 0])),
    // Sizes of the mean in four bits each; one bit for "no other coefficients".
    segment(0xc4, 0x00, ...codes(4, 12), ...sizes),
    segment(0xc4, 0x10, ...codes(1, 1), 0),
    segment(0xda, 4, ...components.flatMap((id) => [id, 0x00]), 0, 63, 0),
  ].flat();

  const binary = (value: number, width: number) => (width ? value.toString(2).padStart(width, '0') : '');
  let bits = '';
  for (const ink of inks) {
    // Eight times the mean, which lies around 0.
    const mean = 8 * (255 - ink - 128);
    const size = 32 - Math.clz32(Math.abs(mean));
    bits += `${binary(size, 4)}${binary(mean < 0 ? mean + 2 ** size - 1 : mean, size)}0`;
  }
  const body = (bits.padEnd(Math.ceil(bits.length / 8) * 8, '1').match(/.{8}/g) ?? [])
    .map((byte) => Number.parseInt(byte, 2))
    .flatMap((byte) => (byte === 0xff ? [byte, 0] : [byte]));
  return Buffer.from([...head, ...body, 0xff, 0xd9]);
}

/** A CIFAR-10 file: picture n is all n, of class n % 10. */
export function records(count: number): Uint8Array {
  const bytes = new Uint8Array(count * 3073);
  for (let n = 0; n < count; n++) {
    bytes.fill(n, n * 3073, (n + 1) * 3073);
    bytes[n * 3073] = n % 10;
  }
  return bytes;
}
