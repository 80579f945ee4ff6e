/**
 * A training step as one list of dispatches: forward, loss, backward, clip, AdamW. What the backward pass needs of a
 * block is kept from the forward pass, but for what is quick to make again (the norms, the GELU); with `recompute` only
 * the block's input is kept and its forward pass runs a second time (Chen et al. 2016, "Training Deep Nets with Sublinear
 * Memory Cost").
 *
 * Letters in shapes: B pictures, T positions, M = B·T rows, D width, V colours, C classes.
 */
import type { AdamW } from '../igpt/optimizer.ts';
import {
  activations,
  attentionOf,
  type Block,
  embedded,
  embeddingOf,
  type ForwardSetup,
  forwardBlock,
  type Linear,
  linearsOf,
  matrix,
  normed,
  normOf,
  rowsOf,
} from './forward-plan.ts';
import { adamw } from './kernels/adamw.ts';
import { add } from './kernels/add.ts';
import { attentionGradient } from './kernels/attention.ts';
import { classEntropy } from './kernels/class-entropy.ts';
import { columnSum } from './kernels/column-sum.ts';
import { embeddingGradient } from './kernels/embedding.ts';
import { gelu } from './kernels/gelu.ts';
import { crossEntropy, metrics } from './kernels/loss.ts';
import { lossScaling } from './kernels/loss-scaling.ts';
import { type Matmul, matmul } from './kernels/matmul.ts';
import { type Norm, normGradient } from './kernels/norm.ts';
import { pool, spread } from './kernels/pool.ts';
import type { Twin } from './parameters.ts';
import type { Range } from './plan.ts';

/** What the host writes before each step and reads after it. */
export interface StepBuffers {
  /** [M] each; see igpt/objectives.ts. */
  inputs: Range;
  targets: Range;
  weights: Range;
  /** [B] each, the same; read where the model has classes. */
  labels: Range;
  labelWeights: Range;
  /** [M] and [V + 2]; see rowsByInput. */
  order: Range;
  starts: Range;
  /** As kernels/adamw.ts. */
  settings: Range;
  /** As kernels/loss.ts, and kernels/loss-scaling.ts. */
  metrics: Range;
  /** As kernels/loss-scaling.ts; read and changed where it is in f16. */
  scaling: Range;
}

/** The optimiser's vectors, laid out as the parameters. */
export interface Moments {
  gradient: Twin;
  mean: Twin;
  square: Twin;
}

export interface Setup extends ForwardSetup {
  step: StepBuffers;
  /** What the pixels' surprise counts beside that of the classes, where the model has classes. */
  generative: number;
}

/** What the losses come to, weighted: of positions [M], and of pictures as classEntropy tells it [B, 2]. */
interface Losses {
  losses: Range;
  told?: Range;
}

/** Forward pass and loss alone. */
export function recordLoss(setup: Setup): void {
  const { plan, config, step } = setup;
  let h = embedded(setup);
  for (let i = 0; i < config.n_layer; i++) h = forwardBlock(setup, i, h).next;
  const { losses, told } = heads(setup, h);
  metrics(plan, { m: rowsOf(setup), losses, told, metrics: step.metrics });
}

/** A whole training step. */
export function recordStep(setup: Setup, moments: Moments, adam: AdamW, recompute: boolean): void {
  recordUpdate(setup, moments, adam, recordGradient(setup, moments, recompute));
}

/** One part of a step whose batch passes in several: its gradient is added to `sum`, its loss reported alone. */
export function recordPart(setup: Setup, moments: Moments, sum: Twin, recompute: boolean): void {
  const losses = recordGradient(setup, moments, recompute);
  metrics(setup.plan, { m: rowsOf(setup), ...losses, metrics: setup.step.metrics });
  add(setup.plan, 'gradient sum', moments.gradient.all, sum.all);
}

/** What follows the last part. */
export function recordSummedUpdate(setup: Setup, moments: Moments, sum: Twin, adam: AdamW): void {
  const none = { losses: setup.plan.temporary('losses', rowsOf(setup)) }; // the parts have reported them
  recordUpdate(setup, { ...moments, gradient: sum }, adam, none);
}

/** Forward, loss and backward; gives the losses. */
function recordGradient(setup: Setup, moments: Moments, recompute: boolean): Losses {
  const { plan, config, parameters, step } = setup;
  const kept: (Block | undefined)[] = [];
  const inputs: Range[] = [];
  let h = embedded(setup);
  for (let i = 0; i < config.n_layer; i++) {
    inputs.push(h);
    const { block, next } = forwardBlock(setup, i, h);
    kept.push(recompute && i < config.n_layer - 1 ? undefined : block);
    h = next;
  }
  const { dh: fromHeads, ...losses } = heads(setup, h, moments);
  let dh = fromHeads!;
  for (let i = config.n_layer - 1; i >= 0; i--) {
    const block = kept[i] ?? forwardBlock(setup, i, inputs[i]).block;
    dh = backwardBlock(setup, moments, i, block, dh);
  }
  embeddingGradient(plan, setup.tuning.lanes, embeddingOf(setup), {
    dh,
    order: step.order,
    starts: step.starts,
    dwte: moments.gradient.of(parameters.weight('transformer.wte')),
    dwpe: moments.gradient.of(parameters.weight('transformer.wpe')),
  });
  return losses;
}

/** Norm, clip and AdamW; in f16 the decision whether to take the step. */
function recordUpdate(setup: Setup, moments: Moments, adam: AdamW, losses: Losses): void {
  const { plan, parameters, half, step } = setup;
  const reported = { m: rowsOf(setup), ...losses, metrics: step.metrics };
  metrics(plan, reported, { gradient: moments.gradient.all, clip: adam.clip });
  if (half) lossScaling(plan, adam, step);
  adamw(plan, adam, {
    settings: step.settings,
    metrics: step.metrics,
    gradient: moments.gradient.all,
    weights: parameters.all,
    mean: moments.mean.all,
    square: moments.square.all,
    decayed: parameters.decayed,
    half: half && { scaling: step.scaling, halves: half.all },
  });
}

/** Gradients of W and b of a linear layer, and what its input's gradient is made of, given dy [M, n]. */
function linearGradient(
  setup: Setup,
  moments: Moments,
  { label, name, x, k, n }: Linear,
  dy: Range,
  geluGradAt?: Range,
): Range {
  const { plan, parameters, tuning } = setup;
  const m = rowsOf(setup);
  const bias = parameters.bias(name);
  const dw = moments.gradient.of(parameters.weight(name));
  matmul(plan, tuning.tiles.tn, { label: `${label} dW`, m: k, n, k: m, a: x, b: dy, c: dw, transposeA: true });
  if (bias) columnSum(plan, { label: `${label} db`, m, n, a: dy }, moments.gradient.of(bias));
  const b = matrix(setup, name);
  const c = activations(setup, `${label} dx`, m * k);
  const dx: Matmul = { label: `${label} dx`, m, n: k, k: n, a: dy, b, c, transposeB: true, geluGradAt };
  matmul(plan, tuning.tiles.nt, dx);
  return c;
}

const scalingOf = ({ half, step }: Setup): Range | undefined => half && step.scaling;

/** Adds the block's gradients and gives that of its input. */
function backwardBlock(setup: Setup, moments: Moments, i: number, block: Block, dnext: Range): Range {
  const { plan, config, tuning } = setup;
  const M = rowsOf(setup);
  const D = config.n_embd;
  const linears = linearsOf(setup, i);
  const { h, qkv, out, lse, middle, fc } = block;

  const activated = activations(setup, `${i} gelu`, M * 4 * D);
  gelu(plan, `${i} gelu again`, fc, activated);
  const dfc = linearGradient(setup, moments, { ...linears.next, x: activated }, dnext, fc);
  const norm2 = normOf(setup, `${i} ln_2 again`, `transformer.h.${i}.ln_2`, middle);
  const dln2 = linearGradient(setup, moments, { ...linears.fc, x: normed(setup, norm2) }, dfc);
  const dmiddle = normGradientOf(setup, moments, norm2, dln2, dnext);

  const dout = linearGradient(setup, moments, { ...linears.out, x: out }, dmiddle);
  const dqkv = activations(setup, `${i} dqkv`, M * 3 * D);
  attentionGradient(plan, tuning.attention, attentionOf(setup, i, { qkv, out, lse }), { dout, dqkv });
  const norm1 = normOf(setup, `${i} ln_1 again`, `transformer.h.${i}.ln_1`, h);
  const dln1 = linearGradient(setup, moments, { ...linears.qkv, x: normed(setup, norm1) }, dqkv);
  return normGradientOf(setup, moments, norm1, dln1, dmiddle);
}

function normGradientOf(setup: Setup, moments: Moments, shape: Norm, dy: Range, carried?: Range): Range {
  const dx = activations(setup, 'dx', shape.m * shape.d);
  const dgain = moments.gradient.of(shape.gain);
  const label = shape.label.replace('again', 'd');
  normGradient(setup.plan, setup.tuning.lanes, { ...shape, label }, { dy, carried, dx, dgain });
  return dx;
}

/** Logits and losses; with moments also the heads' gradients, and that of their input. */
function heads(setup: Setup, h: Range, moments?: Moments): Losses & { dh?: Range } {
  const normF = normOf(setup, 'ln_f', 'transformer.ln_f', h);
  const x = normed(setup, normF);
  const pixels = pixelHead(setup, x, moments);
  const classes = setup.config.n_classes ? classHead(setup, x, setup.config.n_classes, moments) : undefined;
  const losses = { losses: pixels.losses, told: classes?.told };
  if (!moments) return losses;
  const dx = pixels.dx ?? activations(setup, 'ln_f dy', normF.m * normF.d);
  if (classes) {
    const { batch: b, config } = setup;
    const shape = { label: 'score spread', b, t: config.n_positions, d: config.n_embd };
    spread(setup.plan, shape, { dmean: classes.dpooled!, dx, add: pixels.dx !== undefined });
  }
  return { ...losses, dh: normGradientOf(setup, moments, normF, dx) };
}

/** Of the pixels, at x [M, D]; no gradient where they count nothing. */
function pixelHead(setup: Setup, x: Range, moments?: Moments): { losses: Range; dx?: Range } {
  const { plan, config, parameters, tuning, step } = setup;
  const m = rowsOf(setup);
  const { n_embd: D, n_colours: V } = config;
  const counts = config.n_classes ? setup.generative : 1;
  const learn = counts > 0 ? moments : undefined;
  const weight = matrix(setup, 'lm_head'); // [V, D]
  const logits = activations(setup, 'logits', m * V);
  const product: Matmul = { label: 'lm_head', m, n: V, k: D, a: x, b: weight, c: logits, transposeB: true };
  matmul(plan, tuning.tiles.nt, product);
  const losses = plan.temporary('losses', m);
  const { targets, weights } = step;
  const scaling = scalingOf(setup);
  crossEntropy(plan, tuning.lanes, { m, v: V, logits, targets, weights, losses, gradient: learn && counts, scaling });
  if (!learn) return { losses };
  const dlogits = logits; // changed in place
  const dw = learn.gradient.of(parameters.weight('lm_head'));
  matmul(plan, tuning.tiles.tn, { label: 'lm_head dW', m: V, n: D, k: m, a: dlogits, b: x, c: dw, transposeA: true });
  const dx = activations(setup, 'lm_head dx', m * D);
  matmul(plan, tuning.tiles.nn, { label: 'lm_head dx', m, n: D, k: V, a: dlogits, b: weight, c: dx });
  return { losses, dx };
}

/** Of the C classes, at the means of x [M, D] over positions; dpooled [B, D]. In f32: it is small, and its sizes are any. */
function classHead(setup: Setup, x: Range, C: number, moments?: Moments): { told: Range; dpooled?: Range } {
  const { plan, config, parameters, tuning, step, batch: b } = setup;
  const { n_embd: D, n_positions: t } = config;
  const { tiles } = tuning;
  const pooled = plan.temporary('pooled', b * D);
  pool(plan, tuning.lanes, { label: 'score pool', b, t, d: D, x }, pooled);
  const weight = parameters.weight('score'); // [C, D]
  const logits = plan.temporary('scores', b * C);
  matmul(plan, tiles.nt, { label: 'score', m: b, n: C, k: D, a: pooled, b: weight, c: logits, transposeB: true });
  const told = plan.temporary('told', 2 * b);
  const { labels, labelWeights: weights } = step;
  const gradient = moments !== undefined;
  classEntropy(plan, { b, c: C, logits, labels, weights, told, gradient, scaling: scalingOf(setup) });
  if (!moments) return { told };
  const dlogits = logits; // changed in place
  const dw = moments.gradient.of(weight);
  matmul(plan, tiles.tn, { label: 'score dW', m: C, n: D, k: b, a: dlogits, b: pooled, c: dw, transposeA: true });
  const dpooled = plan.temporary('score dx', b * D);
  matmul(plan, tiles.nn, { label: 'score dx', m: b, n: D, k: C, a: dlogits, b: weight, c: dpooled });
  return { told, dpooled };
}
