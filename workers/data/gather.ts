/** Brings what many sources give into one data set: one size, one list of classes, blocks of pixels in the order they come. */

import { BadInput } from '../errors.ts';
import type { DatasetHead, Part, PictureBlock } from './dataset.ts';
import { UNLABELLED } from './dataset.ts';
import type { Pixels } from './decode.ts';
import { type BesideText, labelPictures } from './picture-labels.ts';
import { stem } from './place.ts';
import { resizeArea } from './resize.ts';
import type { Source } from './source.ts';
import { type Folder, partInName } from './tree.ts';

/** Larger pictures are reduced to this: every side that models have divides it, or comes near. */
export const MAX_SIDE = 96;
/** The pictures that are looked at before the data set's size is settled, where each has its own. */
const LOOK_AHEAD = 32;
/** Bytes of pixels handed on at once, and what there is room for at first. */
const BLOCK_BYTES = 4e6;
const FIRST_BYTES = 64e3;
const MAX_CLASSES = 10_000;
const MAX_SOURCES = 65_535;

export type Sink = (pixels: Uint8Array, side: number) => Promise<void>;

/** Whose classes they are: data sets of different families are not mixed. */
export interface Family {
  /** As the person knows it, e.g. "CIFAR-10". */
  name: string;
  /** The name is that of a data set, and not only of a way to store one. */
  named?: true;
  /** In the order of the labels. "by name": pictures in folders, whose classes are known when all have come. */
  classes: string[] | 'by name';
  /** The format has no signature: the file was taken for it by its length and its labels. */
  guessed?: true;
}

/** Where pictures came from: a folder of them, or a file that holds many. */
interface Origin {
  /** Index of the folder. */
  folder: number;
  /** The outermost folder or archive, as the person knows it. */
  outer: string;
  file?: { path: string; part: Part | undefined };
}

export class Gather {
  private family: (Family & { path: string }) | undefined;
  private side = 0;
  private labels: number[] = [];
  /** Indices into `origins`. */
  private originOf: number[] = [];
  private origins: Origin[] = [];
  private readonly originAt = new Map<string, number>();
  private readonly folders: Folder[] = [];
  private readonly folderAt = new Map<string, number>();
  /** Names of the files of pictures in folders. */
  private fileNames: string[] = [];
  /** Paths of the first of them. */
  private firstPaths: string[] = [];
  private names: string[] | undefined;
  /** Pictures that wait for the size to be settled. */
  private waiting: Pixels[] | undefined = [];
  private block = new Uint8Array(0);
  private filled = 0;
  private handedOn = false;
  /** Files that were left out because the data set is of another family. */
  private readonly strays: string[] = [];

  constructor(private readonly sink: Sink) {}

  get count(): number {
    return this.labels.length;
  }

  /** The format's own name; undefined for what has none. */
  get familyName(): string | undefined {
    return this.family?.named ? this.family.name : undefined;
  }

  /**
   * Whether pictures of a family may follow. A few pictures beside files that hold many are figures of a text about them,
   * and a format without a signature may be a mistake: neither decides for the rest.
   * @throws BadInput if what came before is of another family.
   */
  joins(family: Family, path: string): boolean {
    this.family ??= { ...family, path };
    const [a, b] = [this.family, family];
    if (String(a.classes) === String(b.classes)) return true;
    const isFirm = ({ guessed, classes }: Family) => !guessed && classes !== 'by name';
    if (isFirm(a) !== isFirm(b) || Boolean(a.guessed) !== Boolean(b.guessed)) {
      const replaces = a.guessed || isFirm(b);
      if (!replaces) {
        this.strays.push(path);
        return false;
      }
      if (!this.handedOn && (a.guessed || this.count <= LOOK_AHEAD)) {
        this.strays.push(...(a.guessed ? [this.family.path] : this.firstPaths));
        this.restart({ ...family, path });
        return true;
      }
    }
    if (Array.isArray(a.classes) && Array.isArray(b.classes) && a.name === b.name) {
      throw new BadInput(
        `${path} names its classes otherwise than ${this.family.path}: open them one after the other.`,
      );
    }
    throw new BadInput(
      `${path} has the classes of ${b.name}, but ${a.path} has those of ${a.name}: open them one after the other.`,
    );
  }

  /** The index of a file that holds many pictures, among the origins. */
  file(source: Source): number {
    return this.origin(source, { path: source.path, part: partInName(source.name) });
  }

  /** Names for numbered classes, out of a file of their own. Lists for something else are passed over. */
  nameClasses(names: string[]): void {
    this.names ??= names;
  }

  /** Pictures that all have one square size. */
  async addBlock({ width, count, pixels, labels }: PictureBlock, origin: number): Promise<void> {
    if (this.waiting?.length) await this.settle();
    this.waiting = undefined;
    this.side ||= Math.min(MAX_SIDE, width);
    const bytes = 3 * width * width;
    for (let i = 0; i < count; i++) {
      const picture = pixels.subarray(i * bytes, (i + 1) * bytes);
      this.note(labels[i], origin);
      await this.put({ width, height: width, rgb: picture });
    }
  }

  /** A picture of any size, out of a file that holds many. */
  async addPicture(picture: Pixels, label: number, origin: number): Promise<void> {
    this.note(label, origin);
    if (this.waiting === undefined) return this.put(picture);
    // Photographs are reduced at once, so that those that wait stay small.
    const square = Math.min(picture.width, picture.height);
    this.waiting.push(square > MAX_SIDE ? reduced(picture, MAX_SIDE) : picture);
    if (this.waiting.length === LOOK_AHEAD) await this.settle();
  }

  /** A picture that is a file of its own. */
  async addFile(picture: Pixels, source: Source): Promise<void> {
    this.fileNames.push(source.name);
    if (this.firstPaths.length < LOOK_AHEAD) this.firstPaths.push(source.path);
    await this.addPicture(picture, UNLABELLED, this.origin(source));
  }

  /**
   * Hands on what is left.
   * @param texts what lies among the pictures and may have their labels
   * @throws BadInput if there are too many classes or sources
   */
  async finish(name: string, skipped: string[], texts: BesideText[]): Promise<DatasetHead> {
    if (this.waiting) await this.settle();
    if (this.filled > 0) await this.handOn();
    const byName = this.family?.classes === 'by name';
    const files = {
      folders: this.folders,
      folderOf: byName ? this.originOf.map((origin) => this.origins[origin].folder) : [],
      names: byName ? this.fileNames : [],
    };
    const read = labelPictures(files, texts);
    const { classes, labels } = byName ? numbered(read.classes) : this.named();
    return {
      name,
      side: this.side,
      count: this.count,
      classes,
      labels,
      ...this.sources(read.parts),
      skipped: skipped.filter((path) => !read.used.has(path)),
      damaged: [],
      notes: [...read.notes, ...this.strayNotes()],
    };
  }

  private strayNotes(): string[] {
    if (this.strays.length === 0) return [];
    const [first] = this.strays;
    const what = this.strays.length === 1 ? `${first} is` : `${this.strays.length} files, ${first} first, are`;
    return [`${what} left out beside ${this.family!.path}: open them by themselves if they are data.`];
  }

  /** Where each picture is from, and for what it is used. */
  private sources(parts: { part: Part; split: string | undefined }[]): Pick<DatasetHead, 'sources' | 'sourceOf'> {
    const sources: DatasetHead['sources'] = [];
    const known = new Map<string, number>();
    const sourceOf = this.origins.map(({ folder, outer, file }) => {
      const { part, split } = parts[folder];
      const inner = split === undefined || split === outer || split === stem(outer) ? outer : `${outer}/${split}`;
      const source = file ? { name: file.path, part: file.part ?? part } : { name: inner, part };
      const key = `${source.part} ${source.name}`;
      const at = known.get(key);
      if (at !== undefined) return at;
      known.set(key, sources.length);
      return sources.push(source) - 1;
    });
    if (sources.length > MAX_SOURCES) throw new BadInput(`These are more than ${MAX_SOURCES} files with pictures.`);
    // Origins without a picture, whose pictures were all damaged, are none.
    return { sources, sourceOf: Uint16Array.from(this.originOf, (origin) => sourceOf[origin]) };
  }

  private named(): { classes: string[]; labels: Int16Array } {
    const known = Array.isArray(this.family?.classes) ? this.family.classes : [];
    // Numbers without names are names enough.
    if (known.length === 0) return numbered(this.labels.map((label) => (label < 0 ? undefined : String(label))));
    const classes = this.names?.length === known.length ? this.names : known;
    return { classes, labels: Int16Array.from(this.labels) };
  }

  private origin({ path, above, folders }: Source, file?: Origin['file']): number {
    const place = [...above, '', ...folders].join('/');
    let folder = this.folderAt.get(place);
    if (folder === undefined) {
      folder = this.folders.push({ above, folders }) - 1;
      this.folderAt.set(place, folder);
    }
    const outer = above.length + folders.length > 0 ? path.split('/')[0] : 'pictures';
    const key = file?.path ?? `${folder} ${outer}`;
    const known = this.originAt.get(key);
    if (known !== undefined) return known;
    this.originAt.set(key, this.origins.length);
    return this.origins.push({ folder, outer, file }) - 1;
  }

  /** Forgets what came so far, none of which was handed on. */
  private restart(family: Family & { path: string }): void {
    this.family = family;
    this.side = 0;
    this.labels = [];
    this.originOf = [];
    this.origins = [];
    this.originAt.clear();
    this.fileNames = [];
    this.firstPaths = [];
    this.waiting = [];
    this.filled = 0;
  }

  private note(label: number, origin: number): void {
    this.labels.push(label);
    this.originOf.push(origin);
  }

  private async handOn(): Promise<void> {
    this.handedOn = true;
    await this.sink(this.block.subarray(0, this.filled), this.side);
    this.filled = 0;
  }

  private async settle(): Promise<void> {
    const pictures = this.waiting ?? [];
    this.waiting = undefined;
    const sides = pictures.map(({ width, height }) => Math.min(width, height));
    this.side ||= Math.min(MAX_SIDE, Math.max(1, ...sides));
    for (const picture of pictures) await this.put(picture);
  }

  /** Room for more pictures: a larger block, as long as it is small; after that it has to be handed on. */
  private async makeRoom(): Promise<void> {
    const picture = 3 * this.side * this.side;
    if (this.filled + picture > BLOCK_BYTES) return this.handOn();
    const larger = new Uint8Array(Math.min(BLOCK_BYTES, Math.max(FIRST_BYTES, picture, 4 * this.block.length)));
    larger.set(this.block.subarray(0, this.filled));
    this.block = larger;
  }

  private async put(picture: Pixels): Promise<void> {
    const { width, height } = picture;
    const fits = width === this.side && height === this.side;
    const rgb = fits ? picture.rgb : reduced(picture, this.side).rgb;
    if (this.filled + rgb.length > this.block.length) await this.makeRoom();
    this.block.set(rgb, this.filled);
    this.filled += rgb.length;
  }
}

/** Classes in the order of their names, numbers as numbers. @throws BadInput if there are too many */
function numbered(byName: (string | undefined)[]): { classes: string[]; labels: Int16Array } {
  const order = new Intl.Collator('en', { numeric: true }).compare;
  const classes = [...new Set(byName.filter((name) => name !== undefined))];
  if (classes.length > MAX_CLASSES) {
    throw new BadInput(
      `These pictures have ${classes.length} classes; data sets of at most ${MAX_CLASSES} can be read.`,
    );
  }
  classes.sort((a, b) => order(a, b) || (a < b ? -1 : 1));
  const indices = new Map(classes.map((name, i) => [name, i]));
  return { classes, labels: Int16Array.from(byName, (name) => indices.get(name ?? '') ?? UNLABELLED) };
}

function reduced({ width, height, rgb }: Pixels, side: number): Pixels {
  return { width: side, height: side, rgb: resizeArea(rgb, width, height, side) };
}
