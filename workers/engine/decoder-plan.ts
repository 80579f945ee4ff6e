/**
 * A decoding step as a list of dispatches: some positions of some pictures through the model, their colours sampled, the
 * position moved on. Every buffer is fixed, the key-value cache included, so that the step can be replayed.
 *
 * Letters in shapes: B pictures, T positions, H heads, hd channels a head, D width.
 */
import type { Config } from '../igpt/config.ts';
import type { DecoderParameters } from './half-parameters.ts';
import advance from './kernels/advance.wgsl?raw';
import { attend } from './kernels/attend.ts';
import embed from './kernels/embed.wgsl?raw';
import { expand } from './kernels/expand.ts';
import { type Linear, type LinearTuning, linear } from './kernels/linear.ts';
import { reduction } from './kernels/rows.ts';
import sample from './kernels/sample.wgsl?raw';

import { type Plan, PlanBuilder, rangeOf } from './plan.ts';

/** How the kernels divide their work: a GPU wants many threads for few rows, a software adapter few and no barriers. */
export interface DecoderTuning extends LinearTuning {
  /** Threads that share a query's keys, and a row's colours. */
  lanes: number;
  colourLanes: number;
}

/** Words of a record in kernels/sample.wgsl. */
export const RECORD = 16;

const STORAGE = 0x80; // GPUBufferUsage.STORAGE, which Node knows only once Dawn is loaded
const COPY = 0x4 | 0x8; // COPY_SRC | COPY_DST

export interface Buffers {
  /** The position, then the row of wte that each picture begins with. [1 + B] */
  state: GPUBuffer;
  settings: GPUBuffer;
  /** [T] */
  known: GPUBuffer;
  /** [B, T] */
  tokens: GPUBuffer;
  /** [T, B, RECORD] */
  record: GPUBuffer;
  /** One for each layer, [B, H, T, hd], in f32 or f16. */
  keys: GPUBuffer[];
  values: GPUBuffer[];
  /** As large as the largest buffer whose pictures are copied. */
  scratch: GPUBuffer;
}

/** Throws RangeError for a cache that the device cannot bind. */
export function makeBuffers(device: GPUDevice, config: Config, B: number, half: boolean): Buffers {
  const { n_positions: T, n_embd: D, n_layer } = config;
  const cacheWords = (B * T * D) / (half ? 2 : 1);
  const make = (label: string, words: number) => device.createBuffer({ label, size: 4 * words, usage: STORAGE | COPY });
  const cache = (label: string) => Array.from({ length: n_layer }, (_, i) => make(`${label} ${i}`, cacheWords));
  const size = cacheWords * 4;
  if (size > device.limits.maxStorageBufferBindingSize) {
    throw new RangeError(
      `The keys of ${B} variants need ${size} bytes a layer, but this device binds at most ${device.limits.maxStorageBufferBindingSize}.`,
    );
  }
  return {
    state: make('state', 1 + B),
    settings: make('settings', 4),
    known: make('known', T),
    tokens: make('tokens', B * T),
    record: make('record', T * B * RECORD),
    keys: cache('keys'),
    values: cache('values'),
    scratch: make('scratch', Math.max(cacheWords, B * T)),
  };
}

/** Records the plan of `rows` positions of `pictures` pictures, whose records lie among those of `variants`. */
export async function recordStep(
  device: GPUDevice,
  parameters: DecoderParameters,
  buffers: Buffers,
  pictures: number,
  rows: number,
  variants: number,
  tuning: DecoderTuning,
): Promise<Plan> {
  const { config, half } = parameters;
  const { n_layer: L, n_embd: D, n_head: H, n_positions: T, n_colours: V, layer_norm_epsilon: epsilon } = config;
  const M = pictures * rows;
  const plan = new PlanBuilder(device);
  const state = rangeOf('state', buffers.state);
  const tokens = rangeOf('tokens', buffers.tokens);
  const place = { M, T, ROWS: rows };

  /** A linear layer by its name among the parameters, after the norm called `norm`. */
  const add = (name: string, norm: string | undefined, layer: Omit<Linear, 'm' | 'w' | 'bias' | 'norm'>) =>
    linear(plan, tuning, {
      ...layer,
      half,
      m: M,
      w: parameters.weight(name),
      bias: parameters.bias(name),
      norm: norm === undefined ? undefined : { gain: parameters.weight(norm), epsilon },
    });

  let h = plan.temporary('h', M * D);
  plan.add({
    label: 'embed',
    code: expand(embed, { HALF: half }),
    constants: { ...place, D4: D / 4 },
    ranges: [state, tokens, parameters.weight('transformer.wte'), parameters.weight('transformer.wpe'), h],
    workgroups: [Math.ceil((M * D) / 4 / 32)],
  });
  for (let i = 0; i < L; i++) {
    const block = `transformer.h.${i}`;
    const [keys, values] = [rangeOf('keys', buffers.keys[i]), rangeOf('values', buffers.values[i])];
    const q = plan.temporary('q', M * D);
    const cache = { keys, values, state, positions: T, heads: H, rows };
    add(`${block}.attn.c_attn`, `${block}.ln_1`, { label: `${i} ln_1, c_attn`, x: h, y: q, k: D, n: 3 * D, cache });
    const attended = plan.temporary('attended', M * D);
    const shape = { label: `${i} attend`, m: M, rows, t: T, h: H, hd: D / H, q, keys, values, half, state };
    attend(plan, tuning.lanes, shape, attended);
    const middle = plan.temporary('middle', M * D);
    const projected = { label: `${i} c_proj`, x: attended, y: middle, k: D, n: D, residual: h };
    add(`${block}.attn.c_proj`, undefined, projected);
    const fc = plan.temporary('fc', M * 4 * D);
    add(`${block}.mlp.c_fc`, `${block}.ln_2`, { label: `${i} ln_2, c_fc`, x: middle, y: fc, k: D, n: 4 * D });
    h = plan.temporary('h', M * D);
    const mlp = { label: `${i} mlp c_proj`, x: fc, y: h, k: 4 * D, n: D, geluA: true, residual: middle };
    add(`${block}.mlp.c_proj`, undefined, mlp);
  }
  const logits = plan.temporary('logits', M * V);
  add('lm_head', 'transformer.ln_f', { label: 'ln_f, lm_head', x: h, y: logits, k: D, n: V, transposed: true });
  const pairs = tuning.colourLanes > 1 ? 1 : 8;
  plan.add({
    label: 'sample',
    code: expand(sample, { PAIRS: pairs, ...reduction(plan.subgroups, tuning.colourLanes, pairs) }),
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
