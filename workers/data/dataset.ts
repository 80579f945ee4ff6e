/** What the readers of all formats give, and what becomes of it: one data set. */

export type Part = 'train' | 'test';

/** The label of a picture that has none. */
export const UNLABELLED = -1;

/** Pictures of one size, some of a source's. */
export interface PictureBlock {
  width: number;
  height: number;
  count: number;
  /** RGB bytes. [count, height, width, 3] */
  pixels: Uint8Array;
  /** Places in the list of classes, or UNLABELLED. [count] */
  labels: ArrayLike<number>;
}

/** Everything about a data set except its pixels; picture i is the i-th that arrived. */
export interface DatasetHead {
  name: string;
  /** Pictures are side × side pixels. */
  side: number;
  count: number;
  /** Names, in the order of the labels. Empty if the pictures have no labels. */
  classes: string[];
  /** [count]; UNLABELLED for pictures without one. */
  labels: Int16Array;
  /** The shards, or the folders of a split, that the pictures came from. */
  sources: { name: string; part: Part }[];
  /** Places in `sources`. [count] */
  sourceOf: Uint16Array;
  /** Files that were dropped too and hold no pictures. */
  skipped: string[];
  /** Pictures that could not be read and are left out: each one's path, and why. */
  damaged: string[];
  /** Sentences on where classes come from, and on what could not be used. */
  notes: string[];
}
