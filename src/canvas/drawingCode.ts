/**
 * A drawing as a short word that is safe inside a link.
 *
 * Bytes: the side; then bits, highest first: 4 for the width of a colour less one, 1 that is set when the first span is
 * known, then spans of unknown and known pixels in turn, each its length in Elias gamma code and, if known, its colours;
 * last a CRC-8 of all before. Written in base64 with the URL alphabet, unpadded.
 */
import { UNKNOWN } from '../../workers/contract.ts';

export interface CodedDrawing {
  side: number;
  tokens: Int16Array;
}

const SIDE_LIMIT = 255;
const WIDTH_BITS = 4;

class BitWriter {
  readonly bytes: number[] = [];
  private used = 8;

  write(value: number, width: number): void {
    for (let bit = width - 1; bit >= 0; bit--) {
      if (this.used === 8) {
        this.bytes.push(0);
        this.used = 0;
      }
      this.bytes[this.bytes.length - 1] |= ((value >> bit) & 1) << (7 - this.used);
      this.used++;
    }
  }

  /** Elias gamma: as many zeros as the number has bits after its first, then the number. */
  writeLength(length: number): void {
    const width = 32 - Math.clz32(length);
    this.write(0, width - 1);
    this.write(length, width);
  }
}

class BitReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** Null past the end. */
  read(width: number): number | null {
    if (this.at + width > this.bytes.length * 8) return null;
    let value = 0;
    for (let i = 0; i < width; i++, this.at++) {
      value = (value << 1) | ((this.bytes[this.at >> 3] >> (7 - (this.at & 7))) & 1);
    }
    return value;
  }

  readLength(): number | null {
    let width = 0;
    for (;;) {
      const bit = this.read(1);
      if (bit === null || width > 16) return null;
      if (bit === 1) break;
      width++;
    }
    const rest = this.read(width);
    return rest === null ? null : (1 << width) | rest;
  }

  atLastByte(): boolean {
    return Math.ceil(this.at / 8) === this.bytes.length;
  }
}

/** CRC-8, polynomial x⁸ + x² + x + 1. */
function checksum(bytes: ArrayLike<number>): number {
  let crc = 0xff;
  for (let i = 0; i < bytes.length; i++) {
    crc ^= bytes[i];
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return crc;
}

export function encodeDrawing({ side, tokens }: CodedDrawing): string {
  const width = Math.max(1, 32 - Math.clz32(tokens.reduce((most, token) => Math.max(most, token), 0)));
  const out = new BitWriter();
  out.write(side, 8);
  out.write(width - 1, WIDTH_BITS);
  out.write(tokens[0] === UNKNOWN ? 0 : 1, 1);
  for (let from = 0; from < tokens.length; ) {
    const known = tokens[from] !== UNKNOWN;
    let to = from + 1;
    while (to < tokens.length && (tokens[to] !== UNKNOWN) === known) to++;
    out.writeLength(to - from);
    if (known) for (let i = from; i < to; i++) out.write(tokens[i], width);
    from = to;
  }
  return btoa(String.fromCharCode(...out.bytes, checksum(out.bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Null for anything that encodeDrawing did not write. */
export function decodeDrawing(code: string): CodedDrawing | null {
  if (!/^[\w-]+$/.test(code) || code.length % 4 === 1) return null;
  const all = Uint8Array.from(atob(code.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  const bytes = all.subarray(0, -1);
  if (checksum(bytes) !== all.at(-1)) return null;

  const bits = new BitReader(bytes);
  const side = bits.read(8);
  const widthLessOne = bits.read(WIDTH_BITS);
  const firstKnown = bits.read(1);
  if (!side || side > SIDE_LIMIT || widthLessOne === null || firstKnown === null) return null;

  const tokens = new Int16Array(side * side).fill(UNKNOWN);
  let known = firstKnown === 1;
  for (let from = 0; from < tokens.length; known = !known) {
    const length = bits.readLength();
    if (length === null || from + length > tokens.length) return null;
    for (let i = from; known && i < from + length; i++) {
      const colour = bits.read(widthLessOne + 1);
      if (colour === null || colour > 0x7fff) return null;
      tokens[i] = colour;
    }
    from += length;
  }
  return bits.atLastByte() ? { side, tokens } : null;
}
