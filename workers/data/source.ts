/**
 * Bytes that may hold pictures: a file that was dropped, or an entry of an archive. What it is stands in its first bytes;
 * the rest is read as a stream, once, so that no file has to fit into memory.
 */

import { Aborted, BadInput } from '../errors.ts';
import { stem } from './place.ts';

/** First bytes that are looked at to tell what a source is: 21 records of CIFAR. */
export const HEAD_BYTES = 65_536;

export interface Source {
  /** As the person knows it, e.g. "pets.zip/cat/1.png". */
  path: string;
  /** Folders that it lies in, outermost first, from the innermost archive on, e.g. ["cat"]. */
  folders: string[];
  /** Folders and archives that lead to the innermost archive and that archive, outermost first, e.g. ["pets"] for pets.zip. */
  above: string[];
  name: string;
  /** Bytes; undefined where only the end will tell. */
  size: number | undefined;
  /** The first HEAD_BYTES, or all where there are fewer. */
  head: Uint8Array;
  /** All bytes from the first one on. May be called once, and not together with `blob`. */
  stream(): AsyncIterable<Uint8Array>;
  /** All bytes for reading at any place; those of an archive's entry are held in memory. */
  blob(): Promise<Blob>;
}

/** Counts the bytes that were read of what was dropped, and stops the work when that is asked for. */
export class Meter {
  private loaded = 0;
  constructor(
    readonly total: number,
    private readonly onProgress: (loaded: number, total: number) => void,
    private readonly signal?: AbortSignal,
  ) {}

  /** @throws Aborted */
  add(bytes: number): void {
    this.to(this.loaded + bytes);
  }

  /** @throws Aborted */
  check(): void {
    if (this.signal?.aborted) throw new Aborted();
  }

  /** Everything before this place counts as read, be it skipped. @throws Aborted */
  to(place: number): void {
    this.check();
    this.loaded = Math.min(this.total, Math.max(this.loaded, place));
    this.onProgress(this.loaded, this.total);
  }
}

/** A file that is still to be fetched, as a stream. */
export interface Remote {
  size: number;
  stream(): AsyncIterable<Uint8Array>;
}

/**
 * A source for a file on disk or from the net. `path` is relative to what was dropped; folders are parted by slashes.
 * @throws BadInput if it cannot be read.
 */
export async function fileSource(file: Blob | Remote, path: string, meter: Meter): Promise<Source> {
  const folders = stepsOf(path);
  const place = { path, name: folders.pop() ?? path, folders, above: [] };
  if (!(file instanceof Blob)) return streamSource(place, file.size, metered(file.stream(), meter));
  const head = await readAt(file, 0, HEAD_BYTES, path);
  async function* stream() {
    meter.add(head.length);
    yield head;
    yield* blobStream(file as Blob, head.length, path, meter);
  }
  return { ...place, size: file.size, head, stream, blob: async () => file };
}

async function* metered(chunks: AsyncIterable<Uint8Array>, meter: Meter): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    meter.add(chunk.length);
    yield chunk;
  }
}

/** Bytes read of a file at once. */
const READ_BYTES = 1 << 20;

async function* blobStream(file: Blob, from: number, path: string, meter: Meter): AsyncGenerator<Uint8Array> {
  for (let at = from; at < file.size; at += READ_BYTES) {
    const bytes = await readAt(file, at, Math.min(file.size, at + READ_BYTES), path);
    meter.add(bytes.length);
    yield bytes;
  }
}

/**
 * Bytes [from, to) of a file, fewer at its end.
 * @throws BadInput if the file has changed or gone since it was dropped.
 */
export async function readAt(file: Blob, from: number, to: number, path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(from, to).arrayBuffer());
  } catch {
    throw new BadInput(`${path} can no longer be read: has it been changed, moved or deleted?`);
  }
}

/**
 * A source for an entry of an archive, given as a stream; its first bytes are read at once.
 * @param name the entry's path inside the archive, parted by slashes
 */
export function entrySource(
  archive: Source,
  name: string,
  size: number | undefined,
  chunks: AsyncIterable<Uint8Array>,
): Promise<Source> {
  // PowerShell 5 and some other packers for Windows write backslashes.
  const folders = stepsOf(name.replaceAll('\\', '/').replace(/^[A-Za-z]:\//, ''));
  const path = `${archive.path}/${folders.join('/')}`;
  const last = folders.pop() ?? name;
  const above = [...archive.above, ...archive.folders, stem(archive.name)];
  return streamSource({ path, folders, above, name: last }, size, chunks);
}

/** The steps of a path. Macs take letters with accents apart, others do not: composed, they are one name. */
function stepsOf(path: string): string[] {
  return path
    .normalize('NFC')
    .split('/')
    .filter((step) => step !== '' && step !== '.');
}

async function streamSource(
  place: Pick<Source, 'path' | 'folders' | 'above' | 'name'>,
  size: number | undefined,
  chunks: AsyncIterable<Uint8Array>,
): Promise<Source> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let seen = 0;
  while (seen < HEAD_BYTES) {
    const next = await iterator.next();
    if (next.done) break;
    first.push(next.value);
    seen += next.value.length;
  }
  const read = first.length === 1 ? first[0] : joined(first, seen);
  async function* stream() {
    if (read.length > 0) yield read;
    // Delegating also ends the chunks, a download for one, when this stream is left early.
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  const source: Source = {
    ...place,
    size: size ?? (seen < HEAD_BYTES ? seen : undefined),
    head: read.subarray(0, HEAD_BYTES),
    stream,
    blob: async () => new Blob([(await wholeSource(source, MAX_IN_MEMORY)) as Uint8Array<ArrayBuffer>]),
  };
  return source;
}

/** What is inside an archive and has to be read out of order is held in memory, up to here. */
const MAX_IN_MEMORY = 300e6;

function joined(parts: Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * All bytes of a source at once.
 * @throws BadInput if they are more than `most`, or fewer than the archive has promised.
 */
export async function wholeSource(source: Source, most: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new BadInput(`${source.path} has more than the ${most / 1e6} MB that can be read of such a file.`);
  if (source.size !== undefined && source.size > most) throw tooLarge();
  // With the size known, no byte is copied twice: the pickle of CIFAR-100 alone has 155 MB.
  let all = new Uint8Array(source.size ?? 2 * HEAD_BYTES);
  let length = 0;
  for await (const chunk of source.stream()) {
    if (length + chunk.length > most) throw tooLarge();
    if (length + chunk.length > all.length) {
      const larger = new Uint8Array(Math.max(2 * all.length, length + chunk.length));
      larger.set(all.subarray(0, length));
      all = larger;
    }
    all.set(chunk, length);
    length += chunk.length;
  }
  return all.subarray(0, length);
}

/** Records of a fixed length, many at once. */
export interface RecordBlock {
  /** The number of its first record, from 0. */
  first: number;
  count: number;
  /** [count × record]; overwritten by the next block. */
  bytes: Uint8Array;
}

/**
 * Cuts a source into records.
 * @param record bytes of one
 * @throws BadInput naming the last record if it is cut off.
 */
export async function* recordBlocks(source: Source, record: number): AsyncGenerator<RecordBlock> {
  const perBlock = Math.max(1, Math.floor(Math.min(READ_BYTES, source.size ?? READ_BYTES) / record));
  const block = new Uint8Array(perBlock * record);
  let filled = 0;
  let first = 0;
  for await (const chunk of source.stream()) {
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(block.length - filled, chunk.length - at);
      block.set(chunk.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled < block.length) continue;
      yield { first, count: perBlock, bytes: block };
      first += perBlock;
      filled = 0;
    }
  }
  const count = Math.floor(filled / record);
  if (count > 0) yield { first, count, bytes: block.subarray(0, count * record) };
  const rest = filled - count * record;
  if (rest > 0) {
    const last = first + count;
    throw new BadInput(
      `${source.path} is cut off: its record ${last} (from 0, at byte ${last * record}) has ${rest} of ${record} bytes.`,
    );
  }
}
