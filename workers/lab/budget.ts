/**
 * What a page may hold. Some devices end a page that holds too much, without a word: there
 * everything large is counted, and what is about to be made is cut to what is left, or refused with
 * a sentence. Elsewhere nothing is counted.
 */

import { readableBytes } from '../compute/readable-bytes.ts';
import { MAX_VARIANTS, type PictureCounts, type Sampling } from '../contract.ts';
import { BadInput } from '../errors.ts';
import { type Config, parameterCount } from '../igpt/config.ts';
import { particleCount } from '../igpt/look-ahead.ts';
import { cacheBytes, memoryOf, passBytes } from '../igpt/memory.ts';

type Bytes = () => number | Promise<number>;

/** Something large that is in memory. */
export interface Holder {
  /** Its bytes now. */
  readonly bytes: Bytes;
  /** It is gone. */
  release(): void;
}

export class Budget {
  private readonly holders = new Set<Holder>();
  /** What is in memory only to save time, and can be made again. */
  private spare: { bytes: () => number; free: () => void } | undefined;

  /** @param bytes that the page may hold; no limit unless given */
  constructor(readonly bytes = Number.POSITIVE_INFINITY) {}

  /**
   * Counts something until it is released; its bytes are asked for whenever they matter. What is
   * spare makes way for it.
   */
  async hold(bytes: Bytes): Promise<Holder> {
    const holder: Holder = { bytes, release: () => void this.holders.delete(holder) };
    this.holders.add(holder);
    await this.makeWay();
    return holder;
  }

  /**
   * What can be given up, at the end of whatever job is under way, where something else needs the
   * memory.
   */
  offer(bytes: () => number, free: () => void): void {
    this.spare = { bytes, free };
  }

  /** Gives up what is spare, if so many bytes more are too much beside it. */
  async makeWay(bytes = 0): Promise<void> {
    if (this.spare && this.spare.bytes() + bytes > (await this.left())) this.spare.free();
  }

  /**
   * Bytes that are free, or would be without what is spare and without `mine`, where that makes way
   * for what is asked for. Infinity where there is no limit.
   */
  async left(mine?: Holder): Promise<number> {
    if (this.bytes === Number.POSITIVE_INFINITY) return this.bytes;
    const others = [...this.holders].filter((holder) => holder !== mine);
    const held = await Promise.all(others.map(({ bytes }) => bytes()));
    return Math.max(0, this.bytes - held.reduce((sum, bytes) => sum + bytes, 0));
  }

  /**
   * @throws BadInput for more than is left, with what it is that takes so much, as in "This model"
   */
  refuse(what: string, bytes: number, left: number): void {
    if (bytes > left) throw new BadInput(`${what} takes ${readableBytes(bytes)}${this.sentence(left)}`);
  }

  /** Goes on from what something takes. */
  sentence(left: number): string {
    return `, but of the ${readableBytes(this.bytes)} that this device lets a page hold ${readableBytes(left)} are left.`;
  }
}

/**
 * Bytes of a model in f32 that is open to complete so many pictures at once, with what it was read
 * from.
 */
export const openModelBytes = (config: Config, pictures: number, half: boolean): number =>
  memoryOf(config, 4 * parameterCount(config), { pictures, half });

/**
 * The same completion with as many variants as fit into so many bytes beside the model.
 * @throws BadInput if not even one does
 */
export function variantsWithin<S extends Pick<Sampling, 'variants' | 'lookAhead'>>(
  budget: Budget,
  left: number,
  config: Config,
  sampling: S,
  half: boolean,
): S {
  const takes = (variants: number) =>
    openModelBytes(config, particleCount({ lookAhead: sampling.lookAhead, variants }), half);
  let { variants } = sampling;
  while (variants > 1 && takes(variants) > left) variants--;
  const what = sampling.lookAhead ? 'Look-ahead with this model' : 'This model';
  budget.refuse(what, takes(variants), left);
  return { ...sampling, variants };
}

/**
 * The most pictures, up to `most`, that pass through a model at once within so many bytes; 0 if not
 * even one does.
 */
export function batchWithin(left: number, config: Config, most: number): number {
  let batch = most;
  while (batch >= 1 && passBytes(config, batch) > left) batch >>= 1;
  return batch;
}

/**
 * Bytes of a run beside its trainer: the tokens of its pictures, and the pixels where parts are cut
 * out of them; everything that it saves, as numbers and as a file; and what draws from it.
 */
export function besideTrainer(
  config: Config,
  { count, side }: Pick<PictureCounts, 'count' | 'side'>,
  cutsOut: boolean,
): number {
  const pictures = count * (2 * config.n_positions + (cutsOut ? 3 * side ** 2 : 0));
  const saved = 2 * 3 * 4 * parameterCount(config);
  return pictures + saved + passBytes(config, 1) + (MAX_VARIANTS + 1) * cacheBytes(config);
}
