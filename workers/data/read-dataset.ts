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
import { decodePicture } from './decode.ts';
import { type Family, Gather, type Sink } from './gather.ts';
import { readParquet } from './parquet.ts';
import { isLitter, originOfPicture, partOfShard, placeOfPicture, stem } from './place.ts';
import { recognise } from './recognise.ts';
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
        return this.readAll(zipEntries(this.checked(source, depth), this.meter), depth + 1);
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
        return this.gather.nameClasses(kind.names);
      case 'unknown':
        if (this.skipped.length < MAX_SKIPPED) this.skipped.push(source.path);
    }
  }

  async finish(files: Incoming[]): Promise<DatasetHead> {
    if (this.gather.count === 0) throw this.nothing(files);
    const head = await this.gather.finish(nameOf(files, this.gather.familyName), this.skipped);
    this.labelStl(head.labels);
    return head;
  }

  private async readAll(entries: AsyncIterable<Source>, depth: number): Promise<void> {
    for await (const entry of entries) await this.read(entry, depth);
  }

  private checked(source: Source, depth: number): Source {
    if (depth < MAX_DEPTH) return source;
    throw new BadInput(`${source.path} is an archive in an archive in an archive, and is not opened.`);
  }

  private async readCifar(source: Source, layout: CifarLayout): Promise<void> {
    this.gather.join(cifarFamily(layout), source.path);
    const origin = this.gather.source(source.path, partOfShard(source));
    for await (const block of readCifar(source, layout)) await this.gather.addBlock(block, origin);
  }

  private async readPickle(source: Source): Promise<void> {
    const read = await readCifarPickle(source);
    if (read.kind === 'names') return this.gather.nameClasses(read.names);
    this.gather.join(cifarFamily(read.layout), source.path);
    const origin = this.gather.source(source.path, partOfShard(source));
    for (const block of read.blocks) {
      this.meter.check();
      await this.gather.addBlock(block, origin);
    }
  }

  private async readParquet(source: Source): Promise<void> {
    const { classes, column, pictures } = await readParquet(source, this.meter);
    const numbered = column === undefined ? 'no labels' : `the column "${column}"`;
    const known = [CIFAR_10, CIFAR_100].map(cifarFamily).find((family) => String(family.classes) === String(classes));
    this.gather.join(known ?? { name: numbered, classes }, source.path);
    const origin = this.gather.source(source.path, partOfShard(source));
    for await (const { label, ...picture } of pictures) await this.gather.addPicture(picture, label, origin);
  }

  private async readStlPictures(source: Source): Promise<void> {
    this.gather.join({ name: 'STL-10', named: true, classes: STL_10_CLASSES }, source.path);
    const origin = this.gather.source(source.path, partOfShard(source));
    const first = this.gather.count;
    for await (const block of readStlPictures(source)) {
      await this.gather.addBlock({ ...block, labels: new Int16Array(block.count).fill(UNLABELLED) }, origin);
    }
    this.stlPictures.push({ ...stlFile(source), first, count: this.gather.count - first });
  }

  private async readPicture(source: Source): Promise<void> {
    this.gather.join({ name: 'pictures in folders', classes: 'by name' }, source.path);
    const { part, className } = placeOfPicture(source);
    const origin = this.gather.source(originOfPicture(source), part);
    const picture = await decodePicture(await wholeSource(source, MAX_PICTURE), source.path);
    await this.gather.addPicture(picture, this.gather.label(className, source.path), origin);
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
        this.skipped.push(file.path);
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

  private nothing(files: Incoming[]): BadInput {
    if (this.stlLabels.length > 0) {
      return new BadInput(
        `${this.stlLabels[0].path} holds labels alone: open the file with the pictures together with it.`,
      );
    }
    const formats = 'CIFAR, STL-10, parquet, archives of them, or pictures in folders';
    if (files.length === 0) return new BadInput(`There is no file to read. Open ${formats}.`);
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
