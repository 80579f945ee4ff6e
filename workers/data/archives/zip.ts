/**
 * The files in a zip archive. The list at its end is what counts, so that an entry is unpacked only when it is read, and the
 * archive may be larger than memory. Inflating is fflate's.
 *
 * Not fflate's own stream, which believes the headers between the files instead of the list; not zip.js, which takes 1.3 ms an
 * entry, a minute and a half for CIFAR-10 as pictures, and weighs 75 KB. Source: PKWARE's APPNOTE.TXT 6.3.10.
 */

import { Inflate } from 'fflate';
import { BadInput } from '../../errors.ts';
import { entrySource, type Meter, readAt, type Source } from '../source.ts';
import { crc32 } from './crc32.ts';
import { checkGrowth, checkName } from './limits.ts';
import { decodeNames, type RawName } from './zip-names.ts';

interface Entry {
  name: string;
  raw: RawName;
  /** 0: as it is; 8: deflate. */
  method: number;
  encrypted: boolean;
  crc: number;
  packed: number;
  unpacked: number;
  /** Where its own header stands. */
  at: number;
}

const [LOCAL, CENTRAL, END, END_64, LOCATOR_64] = [0x04034b50, 0x02014b50, 0x06054b50, 0x06064b50, 0x07064b50];
const END_BYTES = 22;
const MAX_COMMENT = 0xffff;
/** A list for a million files. */
const MAX_LIST = 128e6;
/** Packed bytes that are unpacked at once: at most 16 MB come out. */
const STEP = 16_384;

export function isZip(head: Uint8Array): boolean {
  const first = head.length >= 4 ? new DataView(head.buffer, head.byteOffset).getUint32(0, true) : 0;
  return first === LOCAL || first === END;
}

/**
 * @param onUnreadable is called with a sentence about an entry that is packed in a way that is unknown; refuses it by itself
 * @throws BadInput if the archive is damaged, encrypted or made to fill a disk
 */
export async function* zipEntries(
  source: Source,
  meter: Meter,
  onUnreadable: (sentence: string) => void = refuse,
): AsyncGenerator<Source> {
  const file = await source.blob();
  const read = windowed(file, source.path, meter);
  const entries = await list(file, source.path);
  checkGrowth(
    source.path,
    file.size,
    entries.reduce((sum, { unpacked }) => sum + unpacked, 0),
  );
  for (const entry of entries) {
    checkName(source.path, entry.name);
    if (/[\\/]$/.test(entry.name)) continue;
    const path = `${source.path}/${entry.name}`;
    if (entry.encrypted) throw new BadInput(`${path} is encrypted, and cannot be read.`);
    if (entry.method !== 0 && entry.method !== 8) {
      onUnreadable(`${path} is packed by method ${entry.method}; only deflate can be read.`);
      continue;
    }
    yield await entrySource(source, entry.name, entry.unpacked, content(entry, source.path, read));
  }
}

function refuse(sentence: string): never {
  throw new BadInput(sentence);
}

type Read = (from: number, to: number) => Promise<Uint8Array>;

/** Reads ahead, because entries are small, stand in a row, and each read of a file on disk costs a round trip. */
function windowed(file: Blob, path: string, meter: Meter): Read {
  const WINDOW = 1 << 20;
  let start = 0;
  let bytes = new Uint8Array(0);
  return async (from, to) => {
    if (from < start || to > start + bytes.length) {
      start = from;
      bytes = (await readAt(file, from, Math.max(to, from + WINDOW), path)) as Uint8Array<ArrayBuffer>;
      meter.add(bytes.length);
      if (to > start + bytes.length) throw damaged(path, from);
    }
    return bytes.subarray(from - start, to - start);
  };
}

function damaged(path: string, at: number): BadInput {
  return new BadInput(`${path} is damaged or cut off, at byte ${at}.`);
}

/** What the list at the end says, in the order of the list. */
async function list(file: Blob, path: string): Promise<Entry[]> {
  const tailAt = Math.max(0, file.size - END_BYTES - MAX_COMMENT);
  const tail = await readAt(file, tailAt, file.size, path);
  const view = viewOf(tail);
  let end = tail.length - END_BYTES;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) throw new BadInput(`${path} is cut off: the list of its files, which stands at the end, is missing.`);

  let count = view.getUint16(end + 10, true);
  let length = view.getUint32(end + 12, true);
  let from = view.getUint32(end + 16, true);
  const locator = end - 20;
  const is64 = locator >= 0 && view.getUint32(locator, true) === LOCATOR_64;
  if (is64) {
    const at = Number(view.getBigUint64(locator + 8, true));
    const end64 = viewOf(await readAt(file, at, at + 56, path));
    if (end64.byteLength < 56 || end64.getUint32(0, true) !== END_64) throw damaged(path, at);
    [count, length, from] = [32, 40, 48].map((place) => Number(end64.getBigUint64(place, true)));
  }
  // Bytes in front of the archive, such as a program that unpacks it, shift all that it says of where things are.
  const front = is64 ? 0 : tailAt + end - length - from;
  if (front < 0 || from + length > file.size || length > MAX_LIST) throw damaged(path, tailAt + end);
  const list = await readAt(file, from + front, from + front + length, path);
  const entries = parseList(list, from, path).map((entry) => ({ ...entry, at: entry.at + front }));
  // The short count is modulo 65,536.
  if (entries.length % 0x10000 !== count % 0x10000) throw damaged(path, from);
  return entries;
}

function parseList(bytes: Uint8Array, from: number, path: string): Entry[] {
  const view = viewOf(bytes);
  const entries: Entry[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) throw damaged(path, from + at);
    const flags = view.getUint16(at + 8, true);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const extraAt = at + 46 + nameLength;
    const next = extraAt + extraLength + commentLength;
    if (next > bytes.length) throw damaged(path, from + at);
    const raw = bytes.subarray(at + 46, extraAt);
    const entry: Entry = {
      name: '',
      raw: {
        bytes: raw,
        isUtf8: (flags & 0x800) !== 0,
        unicode: unicodeName(view, extraAt, extraAt + extraLength, raw),
      },
      encrypted: (flags & 1) !== 0,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      unpacked: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    };
    takeLongNumbers(entry, view, extraAt, extraAt + extraLength);
    entries.push(entry);
    at = next;
  }
  const names = decodeNames(entries.map(({ raw }) => raw));
  return entries.map((entry, i) => ({ ...entry, name: names[i] }));
}

/** The name in the extra field 0x7075, unless the name was changed since by a packer that does not know the field. */
function unicodeName(view: DataView, from: number, to: number, name: Uint8Array): string | undefined {
  for (let at = from; at + 9 <= to; at += 4 + view.getUint16(at + 2, true)) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (view.getUint16(at, true) !== 0x7075 || end > to || view.getUint8(at + 4) !== 1) continue;
    if (view.getUint32(at + 5, true) !== crc32(name, 0)) return undefined;
    return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 9, end - at - 9));
  }
  return undefined;
}

/** Numbers that do not fit into 32 bits stand in an extra field, in this order, each only if it is needed. */
function takeLongNumbers(entry: Entry, view: DataView, from: number, to: number): void {
  for (let at = from; at + 4 <= to; ) {
    const [id, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    let place = at + 4;
    const end = Math.min(to, place + length);
    for (const key of ['unpacked', 'packed', 'at'] as const) {
      if (id !== 1 || entry[key] !== 0xffffffff || place + 8 > end) continue;
      entry[key] = Number(view.getBigUint64(place, true));
      place += 8;
    }
    at += 4 + length;
  }
}

async function* content(entry: Entry, archive: string, read: Read): AsyncGenerator<Uint8Array> {
  const path = `${archive}/${entry.name}`;
  const header = viewOf(await read(entry.at, entry.at + 30));
  if (header.getUint32(0, true) !== LOCAL) throw damaged(archive, entry.at);
  const from = entry.at + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  let crc = 0;
  let length = 0;
  for await (const chunk of entry.method === 0 ? stored(entry, from, read) : inflated(entry, from, read, path)) {
    length += chunk.length;
    if (length > entry.unpacked) throw damaged(path, entry.unpacked);
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (length !== entry.unpacked) throw damaged(path, length);
  if (crc !== entry.crc) throw new BadInput(`${path} is damaged: its checksum is wrong.`);
}

async function* stored(entry: Entry, from: number, read: Read): AsyncGenerator<Uint8Array> {
  const LARGE = 1 << 20;
  for (let at = 0; at < entry.packed; at += LARGE) {
    yield await read(from + at, from + Math.min(entry.packed, at + LARGE));
  }
}

async function* inflated(entry: Entry, from: number, read: Read, path: string): AsyncGenerator<Uint8Array> {
  const out: Uint8Array[] = [];
  const inflate = new Inflate((chunk) => out.push(chunk));
  for (let at = 0; at < entry.packed; at += STEP) {
    const step = await read(from + at, from + Math.min(entry.packed, at + STEP));
    try {
      inflate.push(step, at + step.length >= entry.packed);
    } catch {
      throw damaged(path, at);
    }
    yield* out.splice(0);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
