/** Brings what many sources give into one data set: one size, one list of classes, blocks of pixels in the order they come. */

import { BadInput } from '../errors.ts';
import type { DatasetHead, Part, PictureBlock } from './dataset.ts';
import { UNLABELLED } from './dataset.ts';
import type { Pixels } from './decode.ts';
import { resizeArea } from './resize.ts';

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
  /** In the order of the labels. "by name": they become known as pictures come. */
  classes: string[] | 'by name';
}

export class Gather {
  private family: (Family & { path: string }) | undefined;
  private side = 0;
  private readonly labels: number[] = [];
  private readonly sourceOf: number[] = [];
  private readonly sources: { name: string; part: Part }[] = [];
  private readonly classes = new Map<string, number>();
  private names: string[] | undefined;
  /** Pictures that wait for the size to be settled. */
  private waiting: Pixels[] | undefined = [];
  private block = new Uint8Array(0);
  private filled = 0;

  constructor(private readonly sink: Sink) {}

  get count(): number {
    return this.labels.length;
  }

  /** The format's own name; undefined for what has none. */
  get familyName(): string | undefined {
    return this.family?.named ? this.family.name : undefined;
  }

  /** @throws BadInput if what came before is of another family. */
  join(family: Family, path: string): void {
    this.family ??= { ...family, path };
    const [a, b] = [this.family, family];
    if (String(a.classes) === String(b.classes)) return;
    if (Array.isArray(a.classes) && Array.isArray(b.classes) && a.name === b.name) {
      throw new BadInput(
        `${path} names its classes otherwise than ${this.family.path}: open them one after the other.`,
      );
    }
    throw new BadInput(
      `${path} has the classes of ${b.name}, but ${a.path} has those of ${a.name}: open them one after the other.`,
    );
  }

  /** The place of a shard or folder among the sources. */
  source(name: string, part: Part): number {
    const known = this.sources.findIndex((s) => s.name === name && s.part === part);
    if (known >= 0) return known;
    if (this.sources.length === MAX_SOURCES)
      throw new BadInput(`These are more than ${MAX_SOURCES} files with pictures.`);
    return this.sources.push({ name, part }) - 1;
  }

  /** The label of a class that goes by name. */
  label(name: string | undefined, path: string): number {
    if (name === undefined) return UNLABELLED;
    const known = this.classes.get(name);
    if (known !== undefined) return known;
    if (this.classes.size === MAX_CLASSES) {
      throw new BadInput(
        `${path} would be of class ${MAX_CLASSES + 1}; data sets of at most ${MAX_CLASSES} can be read.`,
      );
    }
    this.classes.set(name, this.classes.size);
    return this.classes.size - 1;
  }

  /** Names for numbered classes, out of a file of their own. Lists for something else are passed over. */
  nameClasses(names: string[]): void {
    this.names ??= names;
  }

  /** Pictures that all have one square size. */
  async addBlock({ width, count, pixels, labels }: PictureBlock, source: number): Promise<void> {
    if (this.waiting?.length) await this.settle();
    this.waiting = undefined;
    this.side ||= Math.min(MAX_SIDE, width);
    const bytes = 3 * width * width;
    for (let i = 0; i < count; i++) {
      const picture = pixels.subarray(i * bytes, (i + 1) * bytes);
      this.note(labels[i], source);
      await this.put({ width, height: width, rgb: picture });
    }
  }

  /** A picture of any size. */
  async addPicture(picture: Pixels, label: number, source: number): Promise<void> {
    this.note(label, source);
    if (this.waiting === undefined) return this.put(picture);
    // Photographs are reduced at once, so that those that wait stay small.
    const square = Math.min(picture.width, picture.height);
    this.waiting.push(square > MAX_SIDE ? reduced(picture, MAX_SIDE) : picture);
    if (this.waiting.length === LOOK_AHEAD) await this.settle();
  }

  /** Hands on what is left. The labels by name are put into the order of the names. */
  async finish(name: string, skipped: string[]): Promise<DatasetHead> {
    if (this.waiting) await this.settle();
    if (this.filled > 0) await this.sink(this.block.subarray(0, this.filled), this.side);
    const { classes, labels } = this.named();
    const head = { name, side: this.side, count: this.count, sources: this.sources, skipped };
    return { ...head, classes, labels, sourceOf: Uint16Array.from(this.sourceOf) };
  }

  private named(): { classes: string[]; labels: Int16Array } {
    if (this.family?.classes !== 'by name') {
      const known = this.family?.classes ?? [];
      const classes = this.names?.length === known.length ? this.names : known;
      return { classes, labels: Int16Array.from(this.labels) };
    }
    // One folder around all pictures is no class.
    if (this.classes.size < 2) return { classes: [], labels: new Int16Array(this.count).fill(UNLABELLED) };
    const order = new Intl.Collator('en', { numeric: true }).compare;
    const classes = [...this.classes.keys()].sort((a, b) => order(a, b) || (a < b ? -1 : 1));
    const places = new Map(classes.map((className, place) => [this.classes.get(className), place]));
    const labels = Int16Array.from(this.labels, (label) => places.get(label) ?? UNLABELLED);
    return { classes, labels };
  }

  private note(label: number, source: number): void {
    this.labels.push(label);
    this.sourceOf.push(source);
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
    if (this.filled + picture > BLOCK_BYTES) {
      await this.sink(this.block.subarray(0, this.filled), this.side);
      this.filled = 0;
      return;
    }
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

function reduced({ width, height, rgb }: Pixels, side: number): Pixels {
  return { width: side, height: side, rgb: resizeArea(rgb, width, height, side) };
}
