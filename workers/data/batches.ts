/**
 * The order in which pictures are learnt from: one endless row in which each epoch has every picture once, cut into batches.
 * A batch may reach over into the next epoch, so none is short and no picture is left out. Everything is counted, nothing
 * is remembered: from (epoch, index) on, a run that was stopped goes on exactly as it would have.
 */

import { shuffled } from './shuffle.ts';

/** A place in the row. */
export interface Position {
  /** From 0. */
  epoch: number;
  /** Pictures of this epoch that are behind, 0 to the number of pictures - 1. */
  index: number;
}

/** One picture of a batch: what it needs to be changed in the same way again. */
export interface Draw {
  epoch: number;
  /** Its number in the data set. */
  picture: number;
}

export class Batches {
  private order: { epoch: number; places: Uint32Array } | undefined;
  private at: Position;

  /**
   * @param pictures numbers of pictures in the data set, at least one
   * @param from where to go on
   */
  constructor(
    private readonly pictures: Uint32Array,
    private readonly size: number,
    private readonly seed: number,
    from: Position = { epoch: 0, index: 0 },
  ) {
    if (pictures.length === 0 || !(from.index >= 0 && from.index < pictures.length)) {
      throw new RangeError(`no picture ${from.index} among ${pictures.length}`);
    }
    this.at = { ...from };
  }

  /** Where the next batch begins. */
  get position(): Position {
    return { ...this.at };
  }

  /** Batches that one epoch is worth; not a whole number, as a rule. */
  get perEpoch(): number {
    return this.pictures.length / this.size;
  }

  next(): Draw[] {
    return Array.from({ length: this.size }, () => {
      const { epoch, index } = this.at;
      if (this.order?.epoch !== epoch) {
        this.order = { epoch, places: shuffled(this.pictures.length, this.seed, epoch) };
      }
      this.at = index + 1 < this.pictures.length ? { epoch, index: index + 1 } : { epoch: epoch + 1, index: 0 };
      return { epoch, picture: this.pictures[this.order.places[index]] };
    });
  }
}
