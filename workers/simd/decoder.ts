/**
 * Completes a picture on the SIMD kernels: the same interface, random numbers and order of work as igpt/decode.ts, which
 * judges it. Runs of known pixels pass through the model at once, and the whole rows before the first unknown pixel only
 * once for all variants that begin alike.
 */
import { type CompletionUpdate, type Sampling, UNKNOWN } from '../contract.ts';
import { Aborted } from '../errors.ts';
import { type Config, sideOf, type Weights } from '../igpt/config.ts';
import { checkTokens, firstRows, sharedPrefix } from '../igpt/decode.ts';
import type { Decoder } from '../igpt/decoder.ts';
import { Ledger } from '../igpt/ledger.ts';
import { LookAhead } from '../igpt/look-ahead.ts';
import { uniform } from '../igpt/random.ts';
import { draw, likeliest } from './draw.ts';
import { CachedModel } from './model.ts';

export class SimdDecoder implements Decoder {
  private constructor(
    private readonly config: Config,
    private readonly model: CachedModel,
  ) {}

  /**
   * A decoder of up to `variants` pictures at once, look-ahead's particles counted. Throws RangeError, before anything
   * runs, for a size that the kernels or the memory cannot serve.
   */
  static async create(config: Config, weights: Weights, variants: number): Promise<SimdDecoder> {
    return new SimdDecoder(config, await CachedModel.create(config, weights, variants));
  }

  /** How many pictures it can decode at once. */
  get variants(): number {
    return this.model.pictures;
  }

  /** Bytes of memory, weights and all. */
  get bytes(): number {
    return this.model.kernels.memory.buffer.byteLength;
  }

  /** As igpt/decode.ts. One call at a time: the cache is one. */
  async *decode(
    tokens: Int16Array,
    sampling: Sampling,
    signal: AbortSignal,
    breathe: () => Promise<void>,
  ): AsyncGenerator<CompletionUpdate, number> {
    const { n_positions: T, n_colours: V } = this.config;
    checkTokens(tokens, T, V);
    const first = firstRows(this.config, sampling);
    const B = first.length;
    if (B > this.variants)
      throw new RangeError(`${B} pictures are wanted, but this decoder has room for ${this.variants}.`);
    const side = sideOf(this.config);
    const prefix = sharedPrefix(tokens, side, first);
    const shown = Array.from({ length: sampling.variants }, (_, i) => i);
    const ledger = new Ledger(B, T);

    this.model.prefill([first[0], ...tokens].slice(0, prefix));
    if (prefix > 0) {
      const statistics = this.model.statistics(tokens.subarray(0, prefix), prefix);
      for (let b = 0; b < B; b++) ledger.write(statistics, 0, b, 0, prefix);
      yield ledger.update(0, prefix, shown);
      if (signal.aborted) throw new Aborted();
    }
    const lookAhead = sampling.lookAhead ? new LookAhead(tokens, B, sampling) : undefined;
    for (let from = prefix; from < T; from += side) {
      this.decodeRow(tokens, sampling, first, ledger, from, side);
      await breathe();
      if (signal.aborted) throw new Aborted();
      const parents = lookAhead?.afterRow(ledger, from, side);
      if (parents) {
        this.model.select(parents);
        ledger.select(parents);
      }
      yield ledger.update(parents ? 0 : from, from + side, shown);
    }
    if (lookAhead) yield ledger.update(0, T, lookAhead.chosen(ledger));
    return lookAhead?.resampled ?? 0;
  }

  /** The memory goes with the last reference to the decoder. */
  dispose(): void {}

  /** One pixel row of all pictures: runs of known pixels at once, unknown ones step by step. */
  private decodeRow(
    known: Int16Array,
    sampling: Sampling,
    first: number[],
    ledger: Ledger,
    from: number,
    side: number,
  ): void {
    const { B } = ledger;
    for (let i = from; i < from + side; ) {
      let end = i;
      while (end < from + side && known[end] !== UNKNOWN) end++;
      const m = Math.max(1, end - i);
      const inputs = new Int32Array(B * m);
      for (let b = 0; b < B; b++) {
        inputs[b * m] = i === 0 ? first[b] : ledger.picture(b)[i - 1];
        inputs.set(known.subarray(i, i + m - 1), b * m + 1);
      }
      this.model.extend(inputs, B, i);
      const chosen = Int32Array.from({ length: B * m }, (_, row) =>
        end > i ? known[i + (row % m)] : this.choose(row, i, sampling),
      );
      const statistics = this.model.statistics(chosen, m);
      for (let b = 0; b < B; b++) ledger.write(statistics, b, b, i, m);
      i += m;
    }
  }

  /** The colour of a position of variant b, from the last pass's logits. */
  private choose(b: number, position: number, sampling: Sampling): number {
    if (sampling.temperature === 0) return likeliest(this.model.logits(b));
    return draw(this.model.weights(b, sampling.temperature), uniform(sampling.seed, b, position), sampling);
  }
}
