/**
 * The decoder as recorded plans: a static key-value cache, variants as one batch, the sampled colour feeding the next
 * step on the GPU. One submit a pixel row, one read-back a row; no JavaScript between tokens. The same interface and the
 * same random numbers as igpt/decode.ts, which judges it.
 */
import { type CompletionUpdate, type Sampling, TOP_COLOURS, UNKNOWN } from '../contract.ts';
import { Aborted } from '../errors.ts';
import { type Config, sideOf } from '../igpt/config.ts';
import { checkTokens } from '../igpt/decode.ts';
import { Ledger, type Statistics } from '../igpt/ledger.ts';
import { LookAhead } from '../igpt/look-ahead.ts';
import advance from './kernels/advance.wgsl?raw';
import attend from './kernels/attend.wgsl?raw';
import embed from './kernels/embed.wgsl?raw';
import { expand } from './kernels/expand.ts';
import linear from './kernels/linear.wgsl?raw';
import sample from './kernels/sample.wgsl?raw';
import type { Parameters } from './parameters.ts';
import { type Plan, PlanBuilder, type Range, rangeOf } from './plan.ts';

/** How the kernels divide their work: a GPU wants many threads for few rows, a software adapter few and no barriers. */
export interface DecoderTuning {
  /** Rows a thread of a linear layer makes. */
  rows: number;
  /** Threads that share a query's keys, and a row's colours. */
  lanes: number;
  colourLanes: number;
}

export const GPU_TUNING: DecoderTuning = { rows: 2, lanes: 32, colourLanes: 64 };
export const SOFTWARE_TUNING: DecoderTuning = { rows: 8, lanes: 1, colourLanes: 1 };

/** Words of a record in kernels/sample.wgsl. */
const RECORD = 16;

const STORAGE = 0x80; // GPUBufferUsage.STORAGE, which Node knows only once Dawn is loaded
const COPY = 0x4 | 0x8; // COPY_SRC | COPY_DST

/** Everything on the GPU that decoding B variants needs; made once and used again for every picture. */
export class Decoder {
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
    parameters: Parameters,
    variants: number,
    tuning: DecoderTuning,
  ): Promise<Decoder> {
    const { config } = parameters;
    const headWidth = config.n_embd / config.n_head;
    if (headWidth % 4 !== 0 || config.n_colours % 4 !== 0) {
      throw new RangeError(
        `Heads of ${headWidth} channels and ${config.n_colours} colours must both be multiples of 4.`,
      );
    }
    const buffers = makeBuffers(device, config, variants);
    const prefill = await recordStep(device, parameters, buffers, 1, sideOf(config), variants, tuning);
    const step = await recordStep(device, parameters, buffers, variants, 1, variants, tuning);
    return new Decoder(device, config, variants, buffers, prefill, step);
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
    const firstUnknown = tokens.indexOf(UNKNOWN);
    const prefix = firstUnknown < 0 ? T : firstUnknown - (firstUnknown % side);
    const ledger = new Ledger(B, T);
    const shown = Array.from({ length: sampling.variants }, (_, i) => i);

    queue.writeBuffer(state, 0, new Uint32Array([0]));
    queue.writeBuffer(settings, 0, settingsBytes(sampling));
    queue.writeBuffer(known, 0, Int32Array.from(tokens));
    queue.writeBuffer(
      chosen,
      0,
      Uint32Array.from({ length: B * T }, (_, i) => Math.max(0, tokens[i % T])),
    );

    if (prefix > 0) {
      const encoder = this.device.createCommandEncoder();
      run(encoder, this.prefill, prefix / side);
      this.copyPictures(encoder, new Array(B).fill(0), false);
      const stats = await this.readRecords(encoder, 0, prefix, 1);
      for (let b = 0; b < B; b++) ledger.write(stats, 0, b, 0, prefix);
      yield ledger.update(0, prefix, shown);
      if (signal.aborted) throw new Aborted();
    }
    const lookAhead = sampling.lookAhead ? new LookAhead(tokens, B, sampling) : undefined;
    for (let from = prefix; from < T; from += side) {
      const encoder = this.device.createCommandEncoder();
      run(encoder, this.step, side);
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
    const { record, staging } = this.buffers;
    const each = this.variants * RECORD;
    encoder.copyBufferToBuffer(record, from * each * 4, staging, 0, m * each * 4);
    this.device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ, 0, m * each * 4);
    const words = staging.getMappedRange(0, m * each * 4).slice(0);
    staging.unmap();
    return statistics(words, m, this.variants, pictures);
  }
}

interface Buffers {
  state: GPUBuffer;
  settings: GPUBuffer;
  /** [T] */
  known: GPUBuffer;
  /** [B, T] */
  tokens: GPUBuffer;
  /** [T, B, RECORD] */
  record: GPUBuffer;
  staging: GPUBuffer;
  /** One for each layer, [B, H, T, hd]. */
  keys: GPUBuffer[];
  values: GPUBuffer[];
  /** As large as the largest buffer whose pictures are copied. */
  scratch: GPUBuffer;
}

function makeBuffers(device: GPUDevice, config: Config, B: number): Buffers {
  const { n_positions: T, n_embd: D, n_layer } = config;
  const make = (label: string, words: number, usage = STORAGE | COPY) =>
    device.createBuffer({ label, size: 4 * words, usage });
  const cache = (label: string) => Array.from({ length: n_layer }, (_, i) => make(`${label} ${i}`, B * T * D));
  const size = B * T * D * 4;
  if (size > device.limits.maxStorageBufferBindingSize) {
    throw new RangeError(
      `The keys of ${B} variants need ${size} bytes a layer, but this device binds at most ${device.limits.maxStorageBufferBindingSize}.`,
    );
  }
  return {
    state: make('state', 1),
    settings: make('settings', 4),
    known: make('known', T),
    tokens: make('tokens', B * T),
    record: make('record', T * B * RECORD),
    staging: make('staging', T * B * RECORD, 0x1 | 0x8), // MAP_READ | COPY_DST
    keys: cache('keys'),
    values: cache('values'),
    scratch: make('scratch', B * T * D),
  };
}

/** Records the plan of `rows` positions of `pictures` pictures, whose records lie among those of `variants`. */
async function recordStep(
  device: GPUDevice,
  parameters: Parameters,
  buffers: Buffers,
  pictures: number,
  rows: number,
  variants: number,
  tuning: DecoderTuning,
): Promise<Plan> {
  const { config } = parameters;
  const { n_layer: L, n_embd: D, n_head: H, n_positions: T, n_colours: V, layer_norm_epsilon: EPS } = config;
  const M = pictures * rows;
  const plan = new PlanBuilder(device);
  const state = rangeOf('state', buffers.state);
  const tokens = rangeOf('tokens', buffers.tokens);
  const place = { M, T, ROWS: rows };

  interface Linear {
    label: string;
    name: string;
    x: Range;
    y: Range;
    k: number;
    n: number;
    norm?: string;
    geluA?: boolean;
    residual?: Range;
    cache?: { keys: Range; values: Range };
    transposed?: boolean;
  }
  const addLinear = ({ label, name, x, y, k, n, norm, geluA, residual, cache, transposed }: Linear) => {
    const bias = parameters.bias(name);
    const tm = Math.min(tuning.rows, M);
    const [wx, wy] = [8, 4];
    plan.add({
      label,
      code: expand(linear, {
        WX: wx,
        WY: wy,
        TM: tm,
        NORM: norm !== undefined,
        BIAS: bias !== undefined,
        RESIDUAL: residual !== undefined,
        GELU_A: geluA ?? false,
        TRANS_B: transposed ?? false,
        QKV: cache !== undefined,
      }),
      constants: { M, N: n, K: k, ...(norm ? { EPS } : {}), ...(cache ? { T, H, ROWS: rows } : {}) },
      ranges: [
        x,
        parameters.weight(name),
        ...(norm ? [parameters.weight(norm)] : []),
        ...(bias ? [bias] : []),
        ...(residual ? [residual] : []),
        y,
        ...(cache ? [cache.keys, cache.values, state] : []),
      ],
      workgroups: [Math.ceil(n / 4 / wx), Math.ceil(M / tm / wy)],
      flops: 2 * M * n * k,
    });
  };

  let h = plan.temporary('h', M * D);
  plan.add({
    label: 'embed',
    code: expand(embed, {}),
    constants: { ...place, V, D4: D / 4 },
    ranges: [state, tokens, parameters.weight('transformer.wte'), parameters.weight('transformer.wpe'), h],
    workgroups: [Math.ceil((M * D) / 4 / 32)],
  });
  for (let i = 0; i < L; i++) {
    const block = `transformer.h.${i}`;
    const cache = { keys: rangeOf('keys', buffers.keys[i]), values: rangeOf('values', buffers.values[i]) };
    const q = plan.temporary('q', M * D);
    addLinear({
      label: `${i} ln_1, c_attn`,
      name: `${block}.attn.c_attn`,
      x: h,
      y: q,
      k: D,
      n: 3 * D,
      norm: `${block}.ln_1`,
      cache,
    });
    const attended = plan.temporary('attended', M * D);
    const pairs = tuning.lanes > 1 ? 2 : 8;
    plan.add({
      label: `${i} attend`,
      code: expand(attend, { LANES: tuning.lanes, PAIRS: pairs, HD4: D / H / 4, SPLIT: tuning.lanes > 1 }),
      constants: { ...place, H, SCALE: 1 / Math.sqrt(D / H) },
      ranges: [q, cache.keys, cache.values, state, attended],
      workgroups: [Math.ceil((M * H) / pairs)],
      flops: 4 * M * T * D,
    });
    const middle = plan.temporary('middle', M * D);
    addLinear({ label: `${i} c_proj`, name: `${block}.attn.c_proj`, x: attended, y: middle, k: D, n: D, residual: h });
    const fc = plan.temporary('fc', M * 4 * D);
    addLinear({
      label: `${i} ln_2, c_fc`,
      name: `${block}.mlp.c_fc`,
      x: middle,
      y: fc,
      k: D,
      n: 4 * D,
      norm: `${block}.ln_2`,
    });
    h = plan.temporary('h', M * D);
    addLinear({
      label: `${i} mlp c_proj`,
      name: `${block}.mlp.c_proj`,
      x: fc,
      y: h,
      k: 4 * D,
      n: D,
      geluA: true,
      residual: middle,
    });
  }
  const logits = plan.temporary('logits', M * V);
  addLinear({
    label: 'ln_f, lm_head',
    name: 'lm_head',
    x: h,
    y: logits,
    k: D,
    n: V,
    norm: 'transformer.ln_f',
    transposed: true,
  });
  const pairs = tuning.colourLanes > 1 ? 1 : 8;
  plan.add({
    label: 'sample',
    code: expand(sample, { LANES: tuning.colourLanes, PAIRS: pairs }),
    constants: { ...place, V, B: variants },
    ranges: [
      logits,
      state,
      rangeOf('settings', buffers.settings),
      rangeOf('known', buffers.known),
      tokens,
      rangeOf('record', buffers.record),
    ],
    workgroups: [Math.ceil(M / pairs)],
  });
  plan.add({
    label: 'advance',
    code: expand(advance, {}),
    constants: { STEP: rows },
    ranges: [state],
    workgroups: [1],
  });
  return plan.build();
}

/** The plan so many times over, in one pass. */
function run(encoder: GPUCommandEncoder, plan: Plan, times: number): void {
  const pass = encoder.beginComputePass();
  for (let i = 0; i < times; i++) plan.encode(pass);
  pass.end();
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
