/**
 * A picture file to its pixels. Small PNGs, the form in which data sets come by the ten thousand, are decoded here: that is
 * quicker than the way through a canvas, works in Node, and gives the bytes as they are stored, whatever colour profile lies
 * beside them. Everything else is the browser's.
 */

import { Unzlib } from 'fflate';
import { BadInput } from '../errors.ts';
import { centreSquare, checkSize, decodeInBrowser } from './picture.ts';
import { type PictureHeader, pictureHeader } from './picture-header.ts';

export interface Pixels {
  width: number;
  height: number;
  /** RGB bytes; what is transparent is laid on white. [height, width, 3] */
  rgb: Uint8Array;
}

/** PNGs of more pixels than this are left to the browser, which decodes them natively. */
const SMALL = 256 * 256;

/**
 * The pixels of a picture; those that the browser decodes are cut to the centre square.
 * @param path for messages
 * @throws BadInput if it is no picture, is too large or is damaged.
 */
export async function decodePicture(bytes: Uint8Array, path: string): Promise<Pixels> {
  try {
    const header = pictureHeader(bytes);
    checkSize(header);
    const inBrowser = typeof createImageBitmap === 'function';
    const small = header.width * header.height <= SMALL && bytes[INTERLACE] === 0;
    if (header.type === 'png' && (small || !inBrowser)) return await png(bytes, header);
    if (!inBrowser) throw new BadInput(`This ${header.type.toUpperCase()} picture can only be read in a browser.`);
    const type = `image/${header.type}`;
    const bitmap = await decodeInBrowser(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }), header);
    try {
      const square = Math.min(bitmap.width, bitmap.height);
      return { width: square, height: square, rgb: centreSquare(bitmap, square) };
    } finally {
      bitmap.close();
    }
  } catch (error) {
    if (error instanceof BadInput) throw new BadInput(`${path}: ${error.message}`);
    throw error;
  }
}

/** Where a PNG says how it is stored: the header is always the first chunk. Source: the PNG specification, 11.2.2. */
const [DEPTH, COLOUR_TYPE, INTERLACE] = [24, 25, 28];
const WITH_PALETTE = 3;
const CHANNELS = [1, 0, 3, 1, 2, 0, 4];

async function png(bytes: Uint8Array, header: PictureHeader): Promise<Pixels> {
  const { decode } = await import('fast-png');
  const { width, height } = header;
  try {
    const picture = decode(onlyPixels(bytes, header), { checkCrc: true });
    // A picture in full colour may have a palette too, as a hint to displays of few colours.
    const palette = bytes[COLOUR_TYPE] === WITH_PALETTE ? picture.palette : undefined;
    return { width, height, rgb: onWhite({ ...picture, palette }, width, height) };
  } catch {
    throw new BadInput('This PNG picture could not be decoded: it is damaged.');
  }
}

const SIGNATURE_BYTES = 8;
const NEEDED = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];

/**
 * The file without texts and profiles, which could unpack to anything.
 * @throws Error if the pixels unpack to fewer or more than the header says: the decoder would take it as it comes.
 */
function onlyPixels(bytes: Uint8Array, { width, height }: PictureHeader): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const row = 1 + Math.ceil((width * bytes[DEPTH] * (CHANNELS[bytes[COLOUR_TYPE]] ?? 0)) / 8);
  // The seven passes of an interlaced picture have up to twice as many rows, each with its own filter and padding.
  const most = bytes[INTERLACE] === 0 ? row * height : (row + 8) * height * 2;
  let unpacked = 0;
  const count = new Unzlib((chunk) => {
    unpacked += chunk.length;
  });
  const kept = [bytes.subarray(0, SIGNATURE_BYTES)];
  for (let at = SIGNATURE_BYTES; at < bytes.length; ) {
    const end = at + 12 + view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (end > bytes.length) throw new Error('cut off');
    if (NEEDED.includes(name)) kept.push(bytes.subarray(at, end));
    if (name === 'IDAT') {
      const STEP = 1024;
      for (let from = at + 8; from < end - 4; from += STEP) {
        count.push(bytes.subarray(from, Math.min(end - 4, from + STEP)));
        if (unpacked > most) throw new Error('more pixels than announced');
      }
    }
    if (name === 'IEND') break;
    at = end;
  }
  if (unpacked < (bytes[INTERLACE] === 0 ? most : 1)) throw new Error('too few pixels');
  const length = kept.reduce((sum, part) => sum + part.length, 0);
  const small = new Uint8Array(length);
  let at = 0;
  for (const part of kept) {
    small.set(part, at);
    at += part.length;
  }
  return small;
}

interface Decoded {
  data: ArrayLike<number>;
  channels: number;
  depth: number;
  palette?: number[][];
  transparency?: ArrayLike<number>;
}

/** Grey, palette and 16-bit pictures as RGB bytes, on white. [height, width, 3] */
function onWhite({ data, channels, depth, palette, transparency }: Decoded, width: number, height: number): Uint8Array {
  const pixels = width * height;
  const rgb = new Uint8Array(3 * pixels);
  const full = 2 ** depth - 1;
  const samples = depth < 8 ? unpackBits(data, depth, width, height) : data;
  if (samples.length < pixels * channels) throw new Error('too few pixels');
  const grey = channels < 3;
  for (let i = 0; i < pixels; i++) {
    const at = i * channels;
    const entry = palette?.[samples[i]];
    if (palette && !entry) throw new Error('no such colour');
    const alpha = entry ? (entry[3] ?? 255) : (opacity(samples, at, channels, transparency) * 255) / full;
    for (let c = 0; c < 3; c++) {
      const colour = entry ? entry[c] : (samples[at + (grey ? 0 : c)] * 255) / full;
      rgb[3 * i + c] = Math.round((colour * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  return rgb;

  /** In the units of the samples: from the last channel, or nothing for the one colour that stands for nothing. */
  function opacity(of: ArrayLike<number>, at: number, n: number, clear: ArrayLike<number> | undefined): number {
    if (n % 2 === 0) return of[at + n - 1];
    if (!clear || clear.length < n) return full;
    for (let c = 0; c < n; c++) if (of[at + c] !== clear[c]) return full;
    return 0;
  }
}

/** Samples of 1, 2 or 4 bits, high bits first; rows begin at whole bytes. [height, width] */
function unpackBits(data: ArrayLike<number>, depth: number, width: number, height: number): Uint8Array {
  const row = Math.ceil((width * depth) / 8);
  const samples = new Uint8Array(width * height);
  for (let i = 0; i < samples.length; i++) {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * row + (bit >> 3)];
    samples[i] = (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
  }
  return samples;
}
