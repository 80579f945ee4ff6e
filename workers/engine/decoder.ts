/**
 * The decoder as recorded plans: a static key-value cache, variants as one batch, the sampled colour feeding the next
 * step on the GPU. One submit a pixel row, one read-back a row; no JavaScript between tokens. The same interface and the
 * same random numbers as igpt/decode.ts, which judges it.
 */
import { type CompletionUpdate, type Sampling, TOP_COLOURS } from '../contract.ts';
import { Aborted } from '../errors.ts';
import { type Config, sideOf } from '../igpt/config.ts';
import { checkTokens, firstRows, sharedPrefix } from '../igpt/decode.ts';
import type { Decoder } from '../igpt/decoder.ts';
import { Ledger, type Statistics } from '../igpt/ledger.ts';
import { LookAhead } from '../igpt/look-ahead.ts';
import { type Buffers, type DecoderTuning, makeBuffers, RECORD, recordStep } from './decoder-plan.ts';
import type { DecoderParameters } from './half-parameters.ts';
import type { Plan } from './plan.ts';
import { readBack } from './read-back.ts';

/** Everything on the GPU that decoding B variants needs; made once and used again for every picture. */
export class EngineDecoder implements Decoder {
  private constructor(
    private readonly device: GPUDevice,
    private readonly config: Config,
    readonly variants: number,
    private readonly buffers: Buffers,
    private readonly prefill: Plan,
    private readonly step: Plan,
  ) {}

  /** Throws RangeError, before anything runs, for a size that the device or the kernels cannot serve. */
  static async create(
    device: GPUDevice,
    parameters: DecoderParameters,
    variants: number,
    tuning: DecoderTuning,
  ): Promise<EngineDecoder> {
    const { config } = parameters;
    const headWidth = config.n_embd / config.n_head;
    if (headWidth % 4 !== 0 || config.n_colours % 4 !== 0) {
      throw new RangeError(
        `Heads of ${headWidth} channels and ${config.n_colours} colours must both be multiples of 4.`,
      );
    }
    const buffers = makeBuffers(device, config, variants, parameters.half);
    const prefill = await recordStep(device, parameters, buffers, 1, sideOf(config), variants, tuning);
    const step = await recordStep(device, parameters, buffers, variants, 1, variants, tuning);
    return new EngineDecoder(device, config, variants, buffers, prefill, step);
  }

  /** Bytes of GPU memory beside the parameters. */
  get bytes(): number {
    const own = [...Object.values(this.buffers)].flat() as GPUBuffer[];
    return this.prefill.bytes + this.step.bytes + own.reduce((sum, { size }) => sum + size, 0);
  }

  /** The step's dispatches, for reading. */
  toString(): string {
    return this.step.toString();
  }

  /** As igpt/decode.ts. At most `variants` of this decoder run: with look-ahead all of them, else sampling.variants. */
  async *decode(
    tokens: Int16Array,
    sampling: Sampling,
    signal: AbortSignal,
    breathe: () => Promise<void>,
  ): AsyncGenerator<CompletionUpdate, number> {
    const { n_positions: T, n_colours: V } = this.config;
    checkTokens(tokens, T, V);
    const { queue } = this.device;
    const { state, settings, known, tokens: chosen } = this.buffers;
    const side = sideOf(this.config);
    const B = this.variants;
    const first = firstRows(this.config, sampling);
    const prefix = sharedPrefix(tokens, side, first);
    const ledger = new Ledger(B, T);
    const shown = Array.from({ length: sampling.variants }, (_, i) => i);

    queue.writeBuffer(state, 0, Uint32Array.of(0, ...Array.from({ length: B }, (_, b) => first[b % first.length])));
    queue.writeBuffer(settings, 0, settingsBytes(sampling));
    queue.writeBuffer(known, 0, Int32Array.from(tokens));
    queue.writeBuffer(
      chosen,
      0,
      Uint32Array.from({ length: B * T }, (_, i) => Math.max(0, tokens[i % T])),
    );

    if (prefix > 0) {
      const encoder = this.device.createCommandEncoder();
      this.prefill.record(encoder, prefix / side);
      this.copyPictures(encoder, new Array(B).fill(0), false);
      const stats = await this.readRecords(encoder, 0, prefix, 1);
      for (let b = 0; b < B; b++) ledger.write(stats, 0, b, 0, prefix);
      yield ledger.update(0, prefix, shown);
      if (signal.aborted) throw new Aborted();
    }
    const lookAhead = sampling.lookAhead ? new LookAhead(tokens, B, sampling) : undefined;
    for (let from = prefix; from < T; from += side) {
      const encoder = this.device.createCommandEncoder();
      this.step.record(encoder, side);
      const stats = await this.readRecords(encoder, from, side, B);
      for (let b = 0; b < B; b++) ledger.write(stats, b, b, from, side);
      await breathe();
      if (signal.aborted) throw new Aborted();
      const parents = lookAhead?.afterRow(ledger, from, side);
      if (parents) {
        ledger.select(parents);
        const copy = this.device.createCommandEncoder();
        this.copyPictures(copy, parents, true);
        queue.submit([copy.finish()]);
      }
      yield ledger.update(parents ? 0 : from, from + side, shown);
    }
    if (lookAhead) yield ledger.update(0, T, lookAhead.chosen(ledger));
    return lookAhead?.resampled ?? 0;
  }

  dispose(): void {
    this.prefill.dispose();
    this.step.dispose();
    for (const buffer of Object.values(this.buffers).flat() as GPUBuffer[]) buffer.destroy();
  }

  /** Picture b of the caches, and of the tokens if asked, becomes picture parents[b]. */
  private copyPictures(encoder: GPUCommandEncoder, parents: number[], withTokens: boolean): void {
    const { keys, values, tokens, scratch } = this.buffers;
    for (const buffer of [...keys, ...values, ...(withTokens ? [tokens] : [])]) {
      const each = buffer.size / this.variants;
      parents.forEach((parent, b) => {
        encoder.copyBufferToBuffer(buffer, parent * each, scratch, b * each, each);
      });
      encoder.copyBufferToBuffer(scratch, 0, buffer, 0, buffer.size);
    }
  }

  /** Submits, and reads the records of positions [from, from + m) of the first `pictures` pictures. */
  private async readRecords(
    encoder: GPUCommandEncoder,
    from: number,
    m: number,
    pictures: number,
  ): Promise<Statistics> {
    const each = 4 * this.variants * RECORD;
    const records = { buffer: this.buffers.record, offset: from * each, bytes: m * each };
    return statistics(await readBack(this.device, encoder, [records]), m, this.variants, pictures);
  }
}

function settingsBytes({ temperature, topP, topK, seed }: Sampling): ArrayBuffer {
  const bytes = new ArrayBuffer(16);
  new Float32Array(bytes, 0, 2).set([temperature, topP]);
  new Uint32Array(bytes, 8, 2).set([topK, seed]);
  return bytes;
}

/** Records [m, variants, RECORD] of the first `pictures` pictures, as arrays [pictures, m, ·]. */
function statistics(words: ArrayBuffer, m: number, variants: number, pictures: number): Statistics {
  const whole = new Uint32Array(words);
  const real = new Float32Array(words);
  const n = pictures * m;
  const stats = {
    m,
    tokens: new Int16Array(n),
    nll: new Float32Array(n),
    entropy: new Float32Array(n),
    topColours: new Int16Array(n * TOP_COLOURS),
    topProbabilities: new Float32Array(n * TOP_COLOURS),
  };
  for (let b = 0; b < pictures; b++) {
    for (let i = 0; i < m; i++) {
      const at = (i * variants + b) * RECORD;
      const to = b * m + i;
      stats.tokens[to] = whole[at];
      stats.nll[to] = real[at + 1];
      stats.entropy[to] = real[at + 2];
      stats.topColours.set(whole.subarray(at + 3, at + 3 + TOP_COLOURS), to * TOP_COLOURS);
      stats.topProbabilities.set(real.subarray(at + 3 + TOP_COLOURS, at + 3 + 2 * TOP_COLOURS), to * TOP_COLOURS);
    }
  }
  return stats;
}
