/**
 * What a picture file is, from its first bytes and never from its name: type, size, one frame or many. Known before
 * anything is decoded, so that a small file that unpacks to gigapixels is refused in time.
 * Sources: the specifications of PNG 3, JPEG (ITU T.81), GIF89a, WebP (RFC 9649), BMP and AVIF (ISO 23008-12).
 */

import { BadInput } from '../errors.ts';

export interface PictureHeader {
  type: 'png' | 'jpeg' | 'gif' | 'webp' | 'bmp' | 'avif';
  /** As stored; a JPEG may yet be turned by its Exif data. */
  width: number;
  height: number;
  /** It has more than one frame. */
  animated: boolean;
}

/** A format's own view of the file; undefined if the file is of another format. RangeError: it ends too early. */
type Reader = (view: DataView) => PictureHeader | undefined;

/**
 * The header of a picture file, given whole.
 * @throws BadInput if it is none of the six formats, or ends before its size is known.
 */
export function pictureHeader(bytes: Uint8Array): PictureHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [name, read] of READERS) {
    try {
      const header = read(view);
      if (header) return header;
    } catch (error) {
      // DataView throws this beyond the end, and every reader relies on it.
      if (error instanceof RangeError) throw new BadInput(`This ${name} picture is cut off or damaged.`);
      throw error;
    }
  }
  throw new BadInput('This file is not a picture that can be read: PNG, JPEG, GIF, WebP, AVIF or BMP is needed.');
}

/** Whether first bytes are those of a picture, be it whole or not. */
export function isPicture(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return READERS.some(([, read]) => {
    try {
      return read(view) !== undefined;
    } catch (error) {
      if (error instanceof RangeError) return true;
      throw error;
    }
  });
}

/** Whether the file has this text at a place; false beyond the end. */
function has(view: DataView, at: number, text: string): boolean {
  if (at + text.length > view.byteLength) return false;
  for (let i = 0; i < text.length; i++) if (view.getUint8(at + i) !== text.charCodeAt(i)) return false;
  return true;
}

function damaged(): never {
  throw new RangeError('damaged');
}

/** Chunks are length, name, data, CRC. An animation has acTL before the first IDAT. */
const png: Reader = (view) => {
  if (!has(view, 0, '\x89PNG\r\n\x1a\n')) return undefined;
  if (!has(view, 12, 'IHDR')) damaged();
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  let frames = 1;
  let at = 8;
  while (!has(view, at + 4, 'IDAT')) {
    if (has(view, at + 4, 'acTL')) frames = view.getUint32(at + 8);
    at += 12 + view.getUint32(at);
  }
  return { type: 'png', width, height, animated: frames > 1 };
};

/** Segments are FF, marker, length, data. The size stands in the frame header, whose marker names the coding. */
const jpeg: Reader = (view) => {
  if (!has(view, 0, '\xff\xd8\xff')) return undefined;
  let at = 2;
  for (;;) {
    if (view.getUint8(at) !== 0xff) damaged();
    const marker = view.getUint8(at + 1);
    const [DHT, JPG, DAC] = [0xc4, 0xc8, 0xcc];
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== DHT && marker !== JPG && marker !== DAC;
    if (isFrame)
      return { type: 'jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5), animated: false };
    const [SOS, EOI] = [0xda, 0xd9];
    if (marker === SOS || marker === EOI) damaged();
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2;
    else at += 2 + view.getUint16(at + 2);
  }
};

/** Bytes of a GIF colour table, from the flags that announce it. */
const colourTable = (flags: number): number => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);

const gif: Reader = (view) => {
  if (!has(view, 0, 'GIF87a') && !has(view, 0, 'GIF89a')) return undefined;
  const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  const header = (animated: boolean): PictureHeader => ({ type: 'gif', width, height, animated });
  let at = 13 + colourTable(view.getUint8(10));
  let frames = 0;
  for (;;) {
    // The end may be missing once there is a frame: decoders do without it.
    if (frames > 0 && at >= view.byteLength) return header(false);
    const [EXTENSION, IMAGE] = [0x21, 0x2c];
    const block = view.getUint8(at);
    if (block === EXTENSION) at += 2;
    else if (block === IMAGE) {
      frames += 1;
      if (frames > 1) return header(true);
      at += 11 + colourTable(view.getUint8(at + 9));
    } else if (frames > 0) return header(false);
    else damaged();
    while (at < view.byteLength && view.getUint8(at) !== 0) at += 1 + view.getUint8(at);
    at += 1;
  }
};

const uint24 = (view: DataView, at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);

/** One RIFF chunk that holds a lossy or lossless picture, or an extended header. */
const webp: Reader = (view) => {
  if (!has(view, 0, 'RIFF') || !has(view, 8, 'WEBP')) return undefined;
  if (has(view, 12, 'VP8X')) {
    const animated = (view.getUint8(20) & 2) !== 0;
    return { type: 'webp', width: uint24(view, 24) + 1, height: uint24(view, 27) + 1, animated };
  }
  if (has(view, 12, 'VP8 ') && has(view, 23, '\x9d\x01\x2a')) {
    const [width, height] = [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
    return { type: 'webp', width, height, animated: false };
  }
  if (has(view, 12, 'VP8L') && has(view, 20, '\x2f')) {
    const bits = view.getUint32(21, true);
    return { type: 'webp', width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, animated: false };
  }
  return damaged();
};

/** Sizes of the headers that a BMP can have; "BM" alone begins many a text. */
const BMP_HEADERS = [12, 40, 52, 56, 64, 108, 124];

const bmp: Reader = (view) => {
  if (!has(view, 0, 'BM') || view.byteLength < 18) return undefined;
  const size = view.getUint32(14, true);
  if (!BMP_HEADERS.includes(size)) return undefined;
  const [width, height] =
    size === 12
      ? [view.getUint16(18, true), view.getUint16(20, true)]
      : // A negative height says that rows run downwards.
        [Math.abs(view.getInt32(18, true)), Math.abs(view.getInt32(22, true))];
  return { type: 'bmp', width, height, animated: false };
};

interface Box {
  name: string;
  /** Where the content begins and ends. */
  from: number;
  to: number;
}

/** The ISO boxes between two places, in order: 32-bit size, name, then a 64-bit size if the first is 1; 0: to the end. */
function* boxes(view: DataView, from: number, to: number): Generator<Box> {
  let at = from;
  while (at < to) {
    const short = view.getUint32(at);
    const head = short === 1 ? 16 : 8;
    const size = short === 0 ? to - at : short === 1 ? Number(view.getBigUint64(at + 8)) : short;
    if (size < head) damaged();
    const name = String.fromCharCode(...[4, 5, 6, 7].map((i) => view.getUint8(at + i)));
    yield { name, from: at + head, to: Math.min(at + size, to) };
    at += size;
  }
}

/** The content of the first box with a name. */
function box(view: DataView, from: number, to: number, name: string): Box {
  for (const found of boxes(view, from, to)) if (found.name === name) return found;
  return damaged();
}

/** Sizes are the properties `ispe` in meta / iprp / ipco; parts of the picture and thumbnails have smaller ones. */
const avif: Reader = (view) => {
  if (!has(view, 4, 'ftyp')) return undefined;
  const end = view.byteLength;
  const brands = box(view, 0, end, 'ftyp');
  const animated = has(view, brands.from, 'avis');
  let known = animated || has(view, brands.from, 'avif');
  for (let at = brands.from + 8; at < brands.to && !known; at += 4) known = has(view, at, 'avif');
  if (!known) return undefined;
  const VERSION_AND_FLAGS = 4;
  const meta = box(view, 0, end, 'meta');
  const properties = box(view, meta.from + VERSION_AND_FLAGS, meta.to, 'iprp');
  const container = box(view, properties.from, properties.to, 'ipco');
  let [width, height] = [0, 0];
  for (const property of boxes(view, container.from, container.to)) {
    if (property.name !== 'ispe') continue;
    const [w, h] = [view.getUint32(property.from + 4), view.getUint32(property.from + 8)];
    if (w * h > width * height) [width, height] = [w, h];
  }
  return { type: 'avif', width, height, animated };
};

const READERS: [string, Reader][] = [
  ['PNG', png],
  ['JPEG', jpeg],
  ['GIF', gif],
  ['WebP', webp],
  ['BMP', bmp],
  ['AVIF', avif],
];
