/**
 * A file packed by gzip, as a stream: one member or several, one after the other, whatever stands behind them. The browser's own
 * DecompressionStream refuses both; the inflating is fflate's. Source: RFC 1952.
 */

import { Inflate } from 'fflate';
import { BadInput } from '../../errors.ts';
import { entrySource, type Source } from '../source.ts';
import { crc32 } from './crc32.ts';
import { checkGrowth } from './limits.ts';

/** The one file inside. @throws BadInput, also while it is read, if the archive is damaged or cut off. */
export function gunzipped(source: Source): Promise<Source> {
  const name = source.name.replace(/\.gz$/i, '').replace(/\.tgz$/i, '.tar');
  return entrySource(source, name, undefined, unpacked(source));
}

/** Packed bytes that are unpacked at once: at most 16 MB come out. */
const STEP = 16_384;
/** CRC-32 and length of what was packed. */
const TRAILER_BYTES = 8;

async function* unpacked(source: Source): AsyncGenerator<Uint8Array> {
  let read = 0;
  let written = 0;
  const damaged = () =>
    new BadInput(`${source.path} is damaged or cut off: it could be unpacked up to byte ${read} at most.`);
  const chunks = source.stream()[Symbol.asyncIterator]();
  let left: Uint8Array = new Uint8Array(0);
  /** Reads on until there are so many bytes; false at the end of the file. */
  const has = async (bytes: number) => {
    while (left.length < bytes) {
      const { done, value } = await chunks.next();
      if (done) return false;
      read += value.length;
      left = left.length === 0 ? value : joined(left, value);
    }
    return true;
  };
  try {
    for (let member = 0; ; member++) {
      const header = await headerBytes(has, () => left);
      // What follows the last member and is none itself, such as padding or a line end, says nothing.
      if (header === undefined && member > 0) return;
      if (header === undefined) throw damaged();
      left = left.subarray(header);
      const out: Uint8Array[] = [];
      const inflate = new Inflating((chunk) => out.push(chunk));
      let crc = 0;
      let length = 0;
      while (!inflate.ended) {
        if (!(await has(1))) throw damaged();
        const step = left.subarray(0, STEP);
        left = left.subarray(step.length);
        try {
          inflate.push(step);
        } catch {
          throw damaged();
        }
        for (const chunk of out.splice(0)) {
          crc = crc32(chunk, crc);
          length += chunk.length;
          written += chunk.length;
          checkGrowth(source.path, read - left.length, written);
          if (chunk.length > 0) yield chunk;
        }
      }
      left = joined(inflate.rest, left);
      if (!(await has(TRAILER_BYTES))) throw damaged();
      const trailer = new DataView(left.buffer, left.byteOffset);
      if (trailer.getUint32(0, true) !== crc || trailer.getUint32(4, true) !== length % 2 ** 32) throw damaged();
      left = left.subarray(TRAILER_BYTES);
    }
  } finally {
    await chunks.return?.();
  }
}

/** The length of a member's header; undefined if none stands here, or it is cut off. */
async function headerBytes(
  has: (bytes: number) => Promise<boolean>,
  bytes: () => Uint8Array,
): Promise<number | undefined> {
  const [EXTRA, NAME, COMMENT, CRC] = [4, 8, 16, 2];
  if (!(await has(10)) || bytes()[0] !== 0x1f || bytes()[1] !== 0x8b || bytes()[2] !== 8) return undefined;
  const flags = bytes()[3];
  let at = 10;
  if (flags & EXTRA) {
    if (!(await has(at + 2))) return undefined;
    at += 2 + bytes()[at] + 256 * bytes()[at + 1];
  }
  for (const text of [NAME, COMMENT]) {
    if (!(flags & text)) continue;
    do if (!(await has(at + 1))) return undefined;
    while (bytes()[at++] !== 0);
  }
  if (flags & CRC) at += 2;
  return (await has(at)) ? at : undefined;
}

/** What fflate's Inflate knows of its state: it has no other way to say where the packed bytes end. */
interface State {
  /** Whether the last block has begun, and whether it is still under way; bits of the first byte that are used. */
  s: { f?: number; l?: unknown; p: number };
  /** Bytes that are not used up. */
  p: Uint8Array;
}

class Inflating {
  private readonly inflate: Inflate;
  constructor(onChunk: (chunk: Uint8Array) => void) {
    this.inflate = new Inflate(onChunk);
  }

  push(bytes: Uint8Array): void {
    this.inflate.push(bytes, false);
  }

  get ended(): boolean {
    const { s } = this.state;
    return Boolean(s.f) && !s.l;
  }

  /** Bytes behind the packed ones. */
  get rest(): Uint8Array {
    const { s, p } = this.state;
    return p.subarray(Math.ceil(s.p / 8));
  }

  private get state(): State {
    return this.inflate as unknown as State;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
