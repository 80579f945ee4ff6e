/** Batches as a model takes them: tokens, changed a little each time where that is asked for. */

import { type Augmentation, drawCut, drawMove, movePicture, resampleCut } from './augment.ts';
import type { Draw } from './batches.ts';
import { encodePixels } from './palette.ts';
import { reducePictures } from './reduce.ts';

/** Pictures that are tokenised between two breaths. */
const BLOCK = 1000;

/** Pictures as they are stored. */
export interface StoredPictures {
  count: number;
  /** They are side × side pixels. */
  side: number;
  /** RGB bytes of pictures [from, to). [to - from, side, side, 3] */
  read(from: number, to: number): Promise<Uint8Array>;
}

/** A data set under one palette and one side. */
export class TokenisedPictures {
  private constructor(
    /** RGB bytes as stored, where parts are to be cut out of them; else none. [n, from, from, 3] */
    private readonly pixels: Uint8Array,
    private readonly from: number,
    private readonly palette: Float32Array,
    readonly side: number,
    /** [n, side × side] */
    readonly tokens: Int16Array,
  ) {}

  /**
   * Tokenises every picture once, block by block, so that their pixels are never all in memory
   * unless they are kept.
   * @param breathe called between blocks with the part that is done; may throw to stop
   * @param cutsOut keeps the pixels, for batches of parts that are cut out of them
   */
  static async of(
    { count, side: from, read }: StoredPictures,
    side: number,
    palette: Float32Array,
    breathe: (done: number) => Promise<void> = async () => {},
    cutsOut = false,
  ): Promise<TokenisedPictures> {
    const picture = 3 * from * from;
    const pixels = new Uint8Array(cutsOut ? count * picture : 0);
    const tokens = new Int16Array(count * side * side);
    for (let first = 0; first < count; first += BLOCK) {
      await breathe(first / count);
      const block = await read(first, Math.min(count, first + BLOCK));
      if (cutsOut) pixels.set(block, first * picture);
      tokens.set(encodePixels(reducePictures(block, from, side), palette), first * side * side);
    }
    return new TokenisedPictures(pixels, from, palette, side, tokens);
  }

  /** The tokens of a batch. [draws, side × side] */
  batch(draws: Draw[], augmentation: Augmentation, seed: number): Int16Array {
    return augmentation.least < 1 ? this.cut(draws, augmentation, seed) : this.moved(draws, augmentation, seed);
  }

  /** Whole pixels change places: no colour has to be looked up again. */
  private moved(draws: Draw[], augmentation: Augmentation, seed: number): Int16Array {
    const { side, tokens } = this;
    const pixels = side * side;
    const batch = new Int16Array(draws.length * pixels);
    draws.forEach((draw, i) => {
      const move = drawMove(augmentation, seed, draw);
      movePicture(tokens, draw.picture * pixels, batch, i * pixels, side, 1, move);
    });
    return batch;
  }

  /** Cut out of the pixels as stored, since they have more to show than the reduced ones. */
  private cut(draws: Draw[], augmentation: Augmentation, seed: number): Int16Array {
    const { side, from } = this;
    const picture = 3 * side * side;
    const still = new Uint8Array(draws.length * picture);
    const moved = new Uint8Array(still.length);
    draws.forEach((draw, i) => {
      const cut = drawCut(augmentation, from, seed, draw);
      resampleCut(this.pixels, draw.picture * 3 * from * from, from, cut, still, i * picture, side);
      movePicture(still, i * picture, moved, i * picture, side, 3, drawMove(augmentation, seed, draw));
    });
    return encodePixels(moved, this.palette);
  }
}
