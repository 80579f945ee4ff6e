/**
 * Reads whatever was dropped or picked together as one data set: CIFAR-10 and CIFAR-100 (binary or Python), STL-10, Hugging
 * Face parquet, pictures in folders, and archives of any of these. Pixels are handed on as they come, a few MB at a time, and
 * nothing is ever held whole but what has to be read out of order.
 */

import { BadInput } from '../errors.ts';
import { gunzipped } from './archives/gzip.ts';
import { tarEntries } from './archives/tar.ts';
import { zipEntries } from './archives/zip.ts';
import { CIFAR_10, CIFAR_100, type CifarLayout, readCifar } from './cifar.ts';
import { readCifarPickle } from './cifar-pickle.ts';
import { CIFAR_10_CLASSES, CIFAR_100_CLASSES, STL_10_CLASSES } from './class-names.ts';
import type { DatasetHead } from './dataset.ts';
import { UNLABELLED } from './dataset.ts';
import { decodePicture, type Pixels } from './decode.ts';
import type { Foreign } from './foreign.ts';
import { type Family, Gather, type Sink } from './gather.ts';
import { readParquet } from './parquet.ts';
import type { BesideText } from './picture-labels.ts';
import { isLitter, stem } from './place.ts';
import { isText, recognise } from './recognise.ts';
import { fileSource, Meter, type Remote, type Source, wholeSource } from './source.ts';
import { readStlLabels, readStlPictures } from './stl10.ts';

/** A file with its path below what was dropped, e.g. "pets/cat/1.png". */
export interface Incoming {
  path: string;
  file: Blob | Remote;
}

export interface Reading {
  /** Bytes of the dropped files. */
  onProgress?: (loaded: number, total: number) => void;
  signal?: AbortSignal;
}

/** An archive in an archive is read; one more is a joke or an attack. */
const MAX_DEPTH = 3;
const MAX_PICTURE = 256e6;
const MAX_SKIPPED = 100;
/** Tables of labels that are read, and all texts together. */
const MAX_TEXT = 64e6;
const MAX_TEXTS = 256e6;

/**
 * @param sink takes RGB bytes of whole pictures, [n, side, side, 3], in the order of the labels; they are overwritten later
 * @throws BadInput with one sentence that names the file and the byte, row or entry; Aborted when the signal says so
 */
export async function readDataset(files: Incoming[], sink: Sink, reading: Reading = {}): Promise<DatasetHead> {
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  const meter = new Meter(total, reading.onProgress ?? (() => {}), reading.signal);
  const gather = new Gather(async (pixels, side) => {
    // Unpacking runs ahead of what is handed on, so that stopping the reading alone would let the rest through.
    meter.check();
    await sink(pixels, side);
  });
  const reader = new Reader(gather, meter);
  let before = 0;
  // Numbers in names count as numbers, so that shards and pictures have the order that people expect.
  const order = new Intl.Collator('en', { numeric: true });
  for (const { path, file } of files.toSorted((a, b) => order.compare(a.path, b.path))) {
    meter.to(before);
    if (file.size === 0 && !path.includes('/')) throw new BadInput(`${path} is empty: it has 0 bytes.`);
    await reader.read(await fileSource(file, path, meter), 0);
    before += file.size;
    meter.to(before);
  }
  return reader.finish(files);
}

/** Pictures and labels of STL-10 come in two files. */
interface StlFile {
  path: string;
  folder: string;
  name: string;
}

class Reader {
  private readonly skipped: string[] = [];
  private readonly damaged: string[] = [];
  /** Files in formats that are not read. */
  private readonly foreign: (Foreign & { path: string })[] = [];
  /** Files in archives that could not be unpacked. */
  private readonly unreadable: string[] = [];
  private readonly notes: string[] = [];
  private readonly texts: BesideText[] = [];
  private textBytes = 0;
  private readonly lateSkipped: string[] = [];
  private readonly stlLabels: (StlFile & { labels: Int16Array })[] = [];
  private readonly stlPictures: (StlFile & { first: number; count: number })[] = [];

  constructor(
    private readonly gather: Gather,
    private readonly meter: Meter,
  ) {}

  async read(source: Source, depth: number): Promise<void> {
    if (isLitter(source)) return;
    const kind = recognise(source);
    switch (kind.is) {
      case 'gzip':
        return this.read(await gunzipped(this.checked(source, depth)), depth + 1);
      case 'tar':
        return this.readAll(tarEntries(this.checked(source, depth)), depth + 1);
      case 'zip':
        return this.readAll(
          zipEntries(this.checked(source, depth), this.meter, (sentence) => this.unreadable.push(sentence)),
          depth + 1,
        );
      case 'cifar':
        return this.readCifar(source, kind.layout);
      case 'pickle':
        return this.readPickle(source);
      case 'parquet':
        return this.readParquet(source);
      case 'stl-pictures':
        return this.readStlPictures(source);
      case 'stl-labels':
        this.stlLabels.push({ ...stlFile(source), labels: await readStlLabels(source) });
        return;
      case 'picture':
        return this.readPicture(source);
      case 'names':
        await this.readText(source);
        return this.gather.nameClasses(kind.names);
      case 'foreign':
        this.foreign.push({ path: source.path, ...kind.format });
        return;
      case 'unknown':
        if (isText(source.head)) await this.readText(source);
        this.skipped.push(source.path);
    }
  }

  async finish(files: Incoming[]): Promise<DatasetHead> {
    if (this.gather.count === 0) throw this.nothing(files);
    const head = await this.gather.finish(nameOf(files, this.gather.familyName), this.skipped, this.texts);
    this.labelStl(head.labels);
    const common = this.foreign.filter(({ isCommon }) => isCommon).map(({ path }) => path);
    const skipped = [...head.skipped, ...this.lateSkipped, ...common].slice(0, MAX_SKIPPED);
    return {
      ...head,
      skipped,
      damaged: this.damaged,
      notes: [
        ...this.notes,
        ...this.unreadable,
        ...this.foreignNotes(this.foreign.filter(({ isCommon }) => !isCommon)),
        ...head.notes,
      ],
    };
  }

  /** Keeps a text that may have the labels of pictures. */
  private async readText(source: Source): Promise<void> {
    const { path, name, above, folders, size } = source;
    if (!/\.(csv|tsv|txt|jsonl?|ndjson|cls|label|lst|list|dat)$/i.test(name)) return;
    const tooLarge = size === undefined || size > MAX_TEXT || this.textBytes + size > MAX_TEXTS;
    if (tooLarge) {
      this.notes.push(`${path} is too large to be read as labels: ${MAX_TEXT / 1e6} MB can be read.`);
      return;
    }
    const bytes = await wholeSource(source, MAX_TEXT);
    this.textBytes += bytes.length;
    this.texts.push({ path, name, above, folders, text: new TextDecoder().decode(bytes) });
  }

  private async readAll(entries: AsyncIterable<Source>, depth: number): Promise<void> {
    for await (const entry of entries) await this.read(entry, depth);
  }

  private checked(source: Source, depth: number): Source {
    if (depth < MAX_DEPTH) return source;
    throw new BadInput(`${source.path} is an archive in an archive in an archive, and is not opened.`);
  }

  private async readCifar(source: Source, layout: CifarLayout): Promise<void> {
    if (!this.gather.joins({ ...cifarFamily(layout), guessed: true }, source.path)) return;
    const origin = this.gather.file(source);
    for await (const block of readCifar(source, layout)) await this.gather.addBlock(block, origin);
  }

  private async readPickle(source: Source): Promise<void> {
    const read = await readCifarPickle(source);
    if (read.kind === 'names') return this.gather.nameClasses(read.names);
    this.gather.joins(cifarFamily(read.layout), source.path);
    const origin = this.gather.file(source);
    for (const block of read.blocks) {
      this.meter.check();
      await this.gather.addBlock(block, origin);
    }
  }

  private async readParquet(source: Source): Promise<void> {
    const { classes, column, pictures } = await readParquet(source, this.meter);
    const numbered = column === undefined ? 'no labels' : `the column "${column}"`;
    const known = [CIFAR_10, CIFAR_100].map(cifarFamily).find((family) => String(family.classes) === String(classes));
    this.gather.joins(known ?? { name: numbered, classes }, source.path);
    const origin = this.gather.file(source);
    for await (const { label, ...picture } of pictures) await this.gather.addPicture(picture, label, origin);
  }

  private async readStlPictures(source: Source): Promise<void> {
    const family: Family = { name: 'STL-10', named: true, classes: STL_10_CLASSES, guessed: true };
    if (!this.gather.joins(family, source.path)) return;
    const origin = this.gather.file(source);
    const first = this.gather.count;
    for await (const block of readStlPictures(source)) {
      await this.gather.addBlock({ ...block, labels: new Int16Array(block.count).fill(UNLABELLED) }, origin);
    }
    this.stlPictures.push({ ...stlFile(source), first, count: this.gather.count - first });
  }

  private async readPicture(source: Source): Promise<void> {
    if (!this.gather.joins({ name: 'pictures in folders', classes: 'by name' }, source.path)) return;
    let picture: Pixels;
    try {
      picture = await decodePicture(await wholeSource(source, MAX_PICTURE), source.path);
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      this.damaged.push(error.message);
      return;
    }
    await this.gather.addFile(picture, source);
  }

  /** train_y.bin belongs to train_X.bin, and may have come before it or after it. */
  private labelStl(labels: Int16Array): void {
    for (const file of this.stlLabels) {
      const partner = this.stlPictures.find(
        ({ folder, name }) => folder === file.folder && name.replace('x', 'y') === file.name,
      );
      const only = this.stlPictures.filter(({ count }) => count === file.labels.length);
      const pictures = partner ?? (only.length === 1 ? only[0] : undefined);
      if (pictures === undefined) {
        this.lateSkipped.push(file.path);
        continue;
      }
      if (pictures.count !== file.labels.length) {
        throw new BadInput(
          `${file.path} has ${file.labels.length} labels, but ${pictures.path} has ${pictures.count} pictures.`,
        );
      }
      labels.set(file.labels, pictures.first);
    }
  }

  /** One sentence for the first of them, and how many more there are. */
  private foreignNotes(files: (Foreign & { path: string })[]): string[] {
    if (files.length === 0) return [];
    const [{ path, says }] = files;
    const more = files.length - 1;
    return [
      `${path} ${says}${more > 0 ? ` The same holds for ${more === 1 ? 'one other file' : `${more} others`}.` : ''}`,
    ];
  }

  private nothing(files: Incoming[]): BadInput {
    if (this.stlLabels.length > 0) {
      return new BadInput(
        `${this.stlLabels[0].path} holds labels alone: open the file with the pictures together with it.`,
      );
    }
    const formats = 'CIFAR, STL-10, parquet, archives of them, or pictures in folders';
    if (files.length === 0) return new BadInput(`There is no file to read. Open ${formats}.`);
    if (this.foreign.length > 0) return new BadInput(this.foreignNotes(this.foreign)[0]);
    if (this.unreadable.length > 0) return new BadInput(this.unreadable[0]);
    if (this.damaged.length === 1) return new BadInput(this.damaged[0]);
    if (this.damaged.length > 1) {
      return new BadInput(
        `None of the ${this.damaged.length} pictures could be read, this one first: ${this.damaged[0]}`,
      );
    }
    const [first] = [...this.skipped, files[0].path];
    if (files.length === 1 && this.skipped.length <= 1) {
      return new BadInput(`${first} has no pictures that can be read. Open ${formats}.`);
    }
    const count = Math.max(files.length, this.skipped.length);
    return new BadInput(`None of these ${count} files has pictures that can be read, ${first} first. Open ${formats}.`);
  }
}

function cifarFamily(layout: CifarLayout): Family {
  return { name: layout.name, named: true, classes: layout === CIFAR_10 ? CIFAR_10_CLASSES : CIFAR_100_CLASSES };
}

function stlFile({ path, folders, name }: Source): StlFile {
  return { path, folder: folders.join('/'), name: name.toLowerCase() };
}

/** What the data set is called until the person says otherwise: by its format where that has a name, or by its folder. */
function nameOf(files: Incoming[], family: string | undefined): string {
  if (family !== undefined) return family;
  const [first] = files;
  const parts = first.path.split('/');
  return parts.length > 1 ? parts[0] : files.length === 1 ? stem(parts[0]) : `${stem(parts[0])} and others`;
}
