/**
 * The forward pass as a list of dispatches: what a training step, a probe's features and a score begin with. In f16, where it is
 * asked for, stand activations and the copies of weights that matrix products read; norms, softmax and sums are f32 always.
 *
 * Letters in shapes: B pictures, T positions, M = B·T rows, D width, H heads, V colours.
 */
import { type Config, embeddingRows } from '../igpt/config.ts';
import type { HalfParameters } from './half-parameters.ts';
import { type Attention, type AttentionTuning, attention } from './kernels/attention.ts';
import { type Embedding, embedding } from './kernels/embedding.ts';
import { matmul, type Tile } from './kernels/matmul.ts';
import { type Norm, norm } from './kernels/norm.ts';
import type { Parameters } from './parameters.ts';
import type { PlanBuilder, Range } from './plan.ts';

/** How the kernels divide their work. */
export interface TrainingTuning {
  /** Threads that share a row in norms and the loss. */
  lanes: number;
  attention: AttentionTuning;
  /** Tiles of the three layouts of matrix products. */
  tiles: { nn: Tile; nt: Tile; tn: Tile };
}

/** What a forward pass is recorded from. */
export interface ForwardSetup {
  plan: PlanBuilder;
  config: Config;
  batch: number;
  causal: boolean;
  parameters: Parameters;
  /** Their copy in f16, where that is what is computed with. */
  half?: HalfParameters;
  tuning: TrainingTuning;
  /** [M]; see igpt/objectives.ts. */
  step: { inputs: Range };
}

/** What a block's backward pass reads: its input, and what its forward pass made of it. */
export interface Block {
  /** [M, D] */
  h: Range;
  /** [M, 3D] */
  qkv: Range;
  /** [M, D], [M, H] */
  out: Range;
  lse: Range;
  /** After attention, [M, D]. */
  middle: Range;
  /** Pre-activation of the MLP, [M, 4D]. */
  fc: Range;
}

/** Throws RangeError for a size that no kernel serves. */
export function checkSizes({ n_embd, n_head, n_colours }: Config, batch: number): void {
  const width = n_embd / n_head;
  if (width % 4 !== 0 || width < 4) throw new RangeError(`Heads of ${width} channels are no multiple of 4.`);
  if (n_colours % 4 !== 0) throw new RangeError(`A palette of ${n_colours} colours is no multiple of 4.`);
  if (!Number.isInteger(batch) || batch < 1) throw new RangeError(`A batch of ${batch} pictures is no batch.`);
}

export const rowsOf = ({ batch, config }: ForwardSetup): number => batch * config.n_positions;

export const embeddingOf = ({ batch, config }: ForwardSetup): Embedding => ({
  b: batch,
  t: config.n_positions,
  d: config.n_embd,
  entries: embeddingRows(config),
});

/** Memory for activations, or for their gradients. */
export const activations = ({ plan, half }: ForwardSetup, name: string, elements: number): Range =>
  plan.temporary(name, elements, half !== undefined);

/** The weights called `name`, as matrix products read them. */
export const matrix = ({ parameters, half }: ForwardSetup, name: string): Range => (half ?? parameters).weight(name);

/** The input of the first block, [M, D]. */
export function embedded(setup: ForwardSetup): Range {
  const { plan, config, parameters, step } = setup;
  const h = activations(setup, 'h', rowsOf(setup) * config.n_embd);
  const wte = parameters.weight('transformer.wte');
  const wpe = parameters.weight('transformer.wpe');
  embedding(plan, embeddingOf(setup), { inputs: step.inputs, wte, wpe, h });
  return h;
}

/** The norm called `name` at x. */
export function normOf(setup: ForwardSetup, label: string, name: string, x: Range): Norm {
  const { n_embd: d, layer_norm_epsilon: epsilon } = setup.config;
  return { label, m: rowsOf(setup), d, epsilon, x, gain: setup.parameters.weight(name) };
}

/** Its result, [M, D]. */
export function normed(setup: ForwardSetup, shape: Norm): Range {
  const y = activations(setup, 'normed', shape.m * shape.d);
  norm(setup.plan, setup.tuning.lanes, shape, y);
  return y;
}

export interface Linear {
  label: string;
  /** Of the parameters, without .weight and .bias. */
  name: string;
  /** [M, k] */
  x: Range;
  k: number;
  n: number;
  residual?: Range;
  activated?: Range;
}

/** y [M, n] = x W + b, with the epilogue asked for. */
function linear(setup: ForwardSetup, { label, name, x, k, n, residual, activated }: Linear): Range {
  const { plan, parameters, tuning } = setup;
  const m = rowsOf(setup);
  const c = activations(setup, label, m * n);
  const b = matrix(setup, name);
  matmul(plan, tuning.tiles.nn, { label, m, n, k, a: x, b, c, bias: parameters.bias(name), residual, activated });
  return c;
}

/** The attention of block i. */
export function attentionOf(
  { config, batch, causal }: ForwardSetup,
  i: number,
  parts: Pick<Block, 'qkv' | 'out' | 'lse'>,
): Attention {
  const { n_positions: t, n_embd: d, n_head: h } = config;
  return { label: `${i} attention`, b: batch, t, h, hd: d / h, causal, ...parts };
}

/** The four linear layers of block i, by where they stand. */
export function linearsOf({ config: { n_embd: d } }: ForwardSetup, i: number) {
  const block = `transformer.h.${i}`;
  return {
    qkv: { label: `${i} c_attn`, name: `${block}.attn.c_attn`, k: d, n: 3 * d },
    out: { label: `${i} c_proj`, name: `${block}.attn.c_proj`, k: d, n: d },
    fc: { label: `${i} c_fc`, name: `${block}.mlp.c_fc`, k: d, n: 4 * d },
    next: { label: `${i} mlp c_proj`, name: `${block}.mlp.c_proj`, k: 4 * d, n: d },
  };
}

/** Block i at h: what its backward pass reads, the input of its attention after ln_1, and the next block's input. */
export function forwardBlock(setup: ForwardSetup, i: number, h: Range): { block: Block; ln1: Range; next: Range } {
  const { plan, config, tuning } = setup;
  const M = rowsOf(setup);
  const { n_embd: D, n_head: H } = config;
  const linears = linearsOf(setup, i);
  const ln1 = normed(setup, normOf(setup, `${i} ln_1`, `transformer.h.${i}.ln_1`, h));
  const qkv = linear(setup, { ...linears.qkv, x: ln1 });
  const out = activations(setup, `${i} out`, M * D);
  const lse = plan.temporary(`${i} lse`, M * H);
  attention(plan, tuning.attention, attentionOf(setup, i, { qkv, out, lse }));
  const middle = linear(setup, { ...linears.out, x: out, residual: h });
  const ln2 = normed(setup, normOf(setup, `${i} ln_2`, `transformer.h.${i}.ln_2`, middle));
  const activated = activations(setup, `${i} gelu`, M * 4 * D);
  const fc = linear(setup, { ...linears.fc, x: ln2, activated });
  const next = linear(setup, { ...linears.next, x: activated, residual: middle });
  return { block: { h, qkv, out, lse, middle, fc }, ln1, next };
}
