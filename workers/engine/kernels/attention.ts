/** Adds flash attention over whole pictures, and its gradients, to a plan. */
import type { PlanBuilder, Range } from '../plan.ts';
import { expand } from './expand.ts';
import forward from './flash.wgsl?raw';
import backwardKV from './flash-grad-kv.wgsl?raw';
import backwardQ from './flash-grad-q.wgsl?raw';

/** How the kernels divide their work. */
export interface AttentionTuning {
  /** Queries, or keys, that a workgroup works on side by side. */
  threads: number;
  /** Queries that a thread keeps in registers in the forward pass. */
  queries: number;
  /** Keys, or queries, that a thread goes over at a time in the backward pass. */
  unroll: number;
}

export interface Attention {
  label: string;
  /** Pictures, positions, heads, channels a head: a multiple of 4. */
  b: number;
  t: number;
  h: number;
  hd: number;
  causal: boolean;
  /** [b·t, 3·h·hd]: queries, keys, values. */
  qkv: Range;
  /** [b·t, h·hd] */
  out: Range;
  /** [b·t, h] */
  lse: Range;
}

export function attention(plan: PlanBuilder, tuning: AttentionTuning, shape: Attention): void {
  const { label, b, t, h, hd, causal, qkv, out, lse } = shape;
  const { threads, queries } = tuning;
  plan.add({
    label,
    code: expand(forward, { THREADS: threads, QUERIES: queries, HD4: hd / 4, CAUSAL: causal }),
    constants: constantsOf(shape),
    ranges: [qkv, out, lse],
    workgroups: [Math.ceil(t / (threads * queries)), b * h],
    flops: pairs(shape) * 4 * hd,
  });
}

export interface AttentionGradient {
  /** [b·t, h·hd] */
  dout: Range;
  /** [b·t, 3·h·hd] */
  dqkv: Range;
}

export function attentionGradient(
  plan: PlanBuilder,
  { threads, unroll }: AttentionTuning,
  shape: Attention,
  { dout, dqkv }: AttentionGradient,
): void {
  const { label, b, t, h, hd, causal, qkv, out, lse } = shape;
  const delta = plan.temporary('delta', b * t * h);
  const workgroups: [number, number] = [Math.ceil(t / threads), b * h];
  const defines = { THREADS: threads, HD4: hd / 4, CAUSAL: causal };
  plan.add({
    label: `${label} d q`,
    code: expand(backwardQ, { ...defines, KEYS: unroll }),
    constants: constantsOf(shape),
    ranges: [qkv, out, dout, lse, delta, dqkv],
    workgroups,
    flops: pairs(shape) * 6 * hd,
  });
  plan.add({
    label: `${label} d kv`,
    code: expand(backwardKV, { ...defines, QUERIES: unroll }),
    constants: constantsOf(shape),
    ranges: [qkv, dout, lse, delta, dqkv],
    workgroups,
    flops: pairs(shape) * 8 * hd,
  });
}

const constantsOf = ({ t, h, hd }: Attention) => ({ T: t, H: h, SCALE: 1 / Math.sqrt(hd) });

/** Pairs of a query and a key that it sees, over all pictures and heads. */
const pairs = ({ b, t, h, causal }: Attention): number => b * h * (causal ? (t * (t + 1)) / 2 : t * t);
