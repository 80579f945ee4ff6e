/**
 * Data sets in the private file system. Each has a folder: pictures.bin (RGB bytes, [count, side, side, 3]), labels.bin
 * (int16, [count]), sources.bin (uint16, [count]), and about.json, which is written last. All of it comes into being under
 * aside/ and is moved when it is whole; a folder without about.json is what a crash left, and is swept away.
 */

import * as v from 'valibot';
import type { DatasetInfo, DatasetSheet } from '../contract.ts';
import type { DatasetHead, Part } from '../data/dataset.ts';
import { UNLABELLED } from '../data/dataset.ts';
import type { Sink } from '../data/gather.ts';
import { shuffled } from '../data/shuffle.ts';
import { Aborted, BadInput } from '../errors.ts';
import { createdAfter } from './created.ts';
import { NoRoom, type PrivateFiles, replaceFile } from './files.ts';
import { checkId, checkName, MAX_NAME, newId } from './names.ts';

const ROOT = 'datasets';
const ASIDE = 'datasets-aside';
const PICTURES = 'pictures.bin';
const LABELS = 'labels.bin';
const SOURCES = 'sources.bin';
const ABOUT = 'about.json';

/** Pictures from all over are read side by side: one after the other they take half as long again. */
const READ_AT_ONCE = 100;
const VERSION = 1;

const Whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const About = v.object({
  version: v.literal(VERSION),
  name: v.string(),
  side: v.pipe(Whole, v.minValue(1)),
  count: Whole,
  classes: v.array(v.string()),
  sources: v.array(v.object({ name: v.string(), part: v.picklist(['train', 'test']), count: Whole })),
  labelled: Whole,
  /** Milliseconds since 1970. */
  created: v.number(),
});
type About = v.InferOutput<typeof About>;

export class DatasetStore {
  /** Where they lie, and what says what each of them is. */
  static readonly root = ROOT;
  static readonly about = ABOUT;

  constructor(private readonly files: PrivateFiles) {}

  /** Those that are whole, the newest first. What crashes left is removed. */
  async list(): Promise<DatasetInfo[]> {
    const found: DatasetInfo[] = [];
    for (const id of await this.files.folders(ROOT)) {
      const about = await this.about(id);
      if (about) found.push(info(id, about));
      // What is there and cannot be read may be of a newer version: it is left alone.
      else if ((await this.files.size(`${place(id)}/${ABOUT}`)) === undefined) await this.sweep(`${ROOT}/${id}`, id);
    }
    for (const id of await this.files.folders(ASIDE)) await this.sweep(`${ASIDE}/${id}`, id);
    return found.sort((a, b) => b.created - a.created);
  }

  /**
   * Stores what a reader hands on. Whatever goes wrong, nothing of it stays.
   * @param read gets a sink for the pixels; what it throws is thrown on
   * @throws BadInput if there is no room
   */
  async add(read: (sink: Sink) => Promise<DatasetHead>): Promise<DatasetInfo> {
    const id = newId();
    const added = await this.files.exclusively(lockOf(id), async () => {
      try {
        return await this.write(id, read);
      } catch (error) {
        for (const root of [ROOT, ASIDE]) await this.files.remove(`${root}/${id}`);
        throw error instanceof NoRoom ? await this.noRoom() : error;
      }
    });
    return added!;
  }

  /** @throws BadInput if the name is empty or too long, or the data set is gone. */
  async rename(id: string, name: string): Promise<DatasetInfo> {
    const trimmed = checkName('A data set', name);
    return this.change(id, (about) => ({ ...about, name: trimmed }));
  }

  /** Says anew whether what came from a source is learnt from or held back. @throws BadInput if there is no such thing. */
  async setPart(id: string, source: number, part: Part): Promise<DatasetInfo> {
    return this.change(id, (about) => {
      if (!about.sources[source]) throw new BadInput(`This data set has no part number ${source}.`);
      return { ...about, sources: about.sources.map((s, i) => (i === source ? { ...s, part } : s)) };
    });
  }

  /** about.json goes first: from then on it is no data set any more. */
  async remove(id: string): Promise<void> {
    await this.files.remove(`${place(id)}/${ABOUT}`);
    await this.files.remove(place(id));
  }

  /**
   * Up to `count` pictures to look at: as many of each class, class after class, where there are few classes; else from all over.
   * @throws BadInput if the data set is gone.
   */
  async sheet(id: string, count: number): Promise<DatasetSheet> {
    const { head, pictures } = await this.open(id);
    const chosen = choose(head, count);
    const labels = Int16Array.from(chosen, (picture) => head.labels[picture]);
    return { side: head.side, pixels: await pictures(chosen), labels };
  }

  /**
   * A data set for use: everything about it, and its pixels on demand.
   * @throws BadInput if it is gone or damaged.
   */
  async open(id: string): Promise<StoredDataset> {
    const about = await this.needed(id);
    const [labels, sourceOf] = await Promise.all(
      [LABELS, SOURCES].map((name) => this.files.read(`${place(id)}/${name}`).catch(() => new Uint8Array(0))),
    );
    const picture = 3 * about.side ** 2;
    const size = await this.files.size(`${place(id)}/${PICTURES}`);
    if (labels.length !== 2 * about.count || sourceOf.length !== 2 * about.count || size !== picture * about.count) {
      // Unless it has just been deleted.
      await this.needed(id);
      throw new BadInput(`The data set "${about.name}" is damaged: delete it and add it again.`);
    }
    const head: DatasetHead = {
      ...about,
      labels: new Int16Array(labels.slice().buffer),
      sourceOf: new Uint16Array(sourceOf.slice().buffer),
      skipped: [],
      damaged: [],
      notes: [],
    };
    const read = await this.files.reader(`${place(id)}/${PICTURES}`);
    const pixels = (from: number, to: number) =>
      read(from * picture, to * picture).catch(async (error) => {
        await this.needed(id);
        throw error;
      });
    const pictures = async (which: ArrayLike<number>, signal?: AbortSignal) => {
      const all = new Uint8Array(which.length * picture);
      for (let first = 0; first < which.length; first += READ_AT_ONCE) {
        if (signal?.aborted) throw new Aborted();
        const some = Array.from({ length: Math.min(READ_AT_ONCE, which.length - first) }, (_, i) => which[first + i]);
        const parts = await Promise.all(some.map((number) => pixels(number, number + 1)));
        for (const [i, part] of parts.entries()) all.set(part, (first + i) * picture);
      }
      return all;
    };
    return { head, pixels, pictures };
  }

  private async write(id: string, read: (sink: Sink) => Promise<DatasetHead>): Promise<DatasetInfo> {
    const aside = `${ASIDE}/${id}`;
    const pictures = await this.files.create(`${aside}/${PICTURES}`);
    let head: DatasetHead;
    try {
      head = await read((pixels) => pictures.write(pixels));
    } finally {
      await pictures.close();
    }
    const { labels, sourceOf } = head;
    await replaceFile(this.files, `${aside}/${LABELS}`, new Uint8Array(labels.buffer));
    await replaceFile(this.files, `${aside}/${SOURCES}`, new Uint8Array(sourceOf.buffer));
    for (const name of [PICTURES, LABELS, SOURCES]) await this.files.move(`${aside}/${name}`, `${place(id)}/${name}`);
    const about: About = {
      version: VERSION,
      name: head.name.slice(0, MAX_NAME),
      side: head.side,
      count: head.count,
      classes: head.classes,
      sources: head.sources.map((source, i) => ({ ...source, count: countOf(sourceOf, i) })),
      labelled: labels.reduce((sum, label) => sum + Number(label !== UNLABELLED), 0),
      created: createdAfter(await this.list()),
    };
    await this.tell(id, about);
    await this.files.remove(aside);
    const { skipped, damaged, notes } = head;
    return { ...info(id, about), skipped, damaged, notes };
  }

  private tell(id: string, about: About): Promise<void> {
    return replaceFile(this.files, `${place(id)}/${ABOUT}`, new TextEncoder().encode(JSON.stringify(about)));
  }

  private async change(id: string, to: (about: About) => About): Promise<DatasetInfo> {
    const about = to(await this.needed(id));
    try {
      await this.tell(id, about);
    } catch (error) {
      throw error instanceof NoRoom ? await this.noRoom() : error;
    }
    return info(id, about);
  }

  private async about(id: string): Promise<About | undefined> {
    const bytes = await this.files.read(`${place(id)}/${ABOUT}`).catch(() => undefined);
    if (bytes === undefined) return undefined;
    try {
      return v.parse(About, JSON.parse(new TextDecoder().decode(bytes)));
    } catch {
      return undefined;
    }
  }

  private async needed(id: string): Promise<About> {
    const about = await this.about(id);
    if (!about) throw new BadInput('This data set is no longer there: it was deleted, perhaps in another tab.');
    return about;
  }

  /** Removes what no other tab is writing. */
  private async sweep(path: string, id: string): Promise<void> {
    await this.files.exclusively(lockOf(id), () => this.files.remove(path));
  }

  private async noRoom(): Promise<BadInput> {
    const { used, quota } = await this.files.use();
    const megabytes = (bytes: number) => `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
    // Where the disk itself is full, the browser's own limit is far away and would only confuse.
    const known = used > quota / 2 ? ` (${megabytes(used)} of ${megabytes(quota)} are in use)` : '';
    return new BadInput(
      `There is no room for this data set in the browser's storage${known}: delete a data set, or free some of the disk.`,
    );
  }
}

export interface StoredDataset {
  head: DatasetHead;
  /** RGB bytes of pictures [from, to). [to - from, side, side, 3] */
  pixels(from: number, to: number): Promise<Uint8Array>;
  /** RGB bytes of the pictures with these numbers. [n, side, side, 3] @throws Aborted when the signal says so */
  pictures(which: ArrayLike<number>, signal?: AbortSignal): Promise<Uint8Array>;
}

/** @throws BadInput for an id that cannot be */
const place = (id: string): string => `${ROOT}/${checkId('data set', id)}`;

const lockOf = (id: string) => `dataset ${id}`;

function countOf(values: Uint16Array, wanted: number): number {
  let count = 0;
  for (const value of values) if (value === wanted) count += 1;
  return count;
}

function info(id: string, about: About): DatasetInfo {
  const { name, side, count, classes, sources, labelled, created } = about;
  // Four bytes a picture say its label and its source.
  return { id, name, side, count, classes, sources, labelled, created, bytes: count * (3 * side ** 2 + 4) };
}

/** Classes that a sheet has a row for. */
const MAX_ROWS = 20;

function choose({ count, classes, labels }: DatasetHead, wanted: number): number[] {
  const order = shuffled(count, 0, 0);
  if (classes.length < 2 || classes.length > Math.min(MAX_ROWS, wanted)) return [...order.subarray(0, wanted)];
  const each = Math.floor(wanted / classes.length);
  const rows = classes.map((): number[] => []);
  for (const picture of order) if (rows[labels[picture]]?.length < each) rows[labels[picture]].push(picture);
  return rows.flat();
}
