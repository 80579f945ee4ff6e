/** Adds flash attention over whole pictures, and its gradients, to a plan. */
import type { PlanBuilder, Range } from '../plan.ts';
import { expand } from './expand.ts';
import forward from './flash.wgsl?raw';
import dots from './flash-grad-dots.wgsl?raw';
import backwardKV from './flash-grad-kv.wgsl?raw';
import backwardQ from './flash-grad-q.wgsl?raw';

/**
 * How the kernels divide their work. A thread keeps several queries (or, in their own gradient, keys) in registers and
 * goes over what they meet `columns` at a time: more rows mean fewer loads, until registers spill.
 */
export interface AttentionTuning {
  /** Of a workgroup, or about so many where several share a wide head. */
  threads: number;
  /** Registers for rows, in vec4: a thread keeps as many rows as fit, from 1 to 4. */
  quads: number;
  columns: { forward: number; backward: number };
}

export interface Attention {
  label: string;
  /** Pictures, positions, heads, channels a head: a multiple of 4. */
  b: number;
  t: number;
  h: number;
  hd: number;
  causal: boolean;
  /** [b·t, 3·h·hd]: queries, keys, values; in f16 where out and the gradients are. */
  qkv: Range;
  /** [b·t, h·hd] */
  out: Range;
  /** [b·t, h] */
  lse: Range;
}

export function attention(plan: PlanBuilder, tuning: AttentionTuning, shape: Attention): void {
  const { label, b, t, h, hd, qkv, out, lse } = shape;
  const { columns } = tuning;
  const { parts, slots, rows } = divided(tuning, hd);
  plan.add({
    label,
    code: expand(forward, { ...definesOf(tuning, shape), QUERIES: rows, KEYS: columns.forward }),
    constants: constantsOf(shape),
    ranges: [qkv, out, lse],
    workgroups: [Math.ceil(t / (slots * rows)), b * h],
    workgroup: { threads: slots * parts, bytes: parts > 1 ? 4 * slots * parts * rows * columns.forward : 0 },
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
  tuning: AttentionTuning,
  shape: Attention,
  { dout, dqkv }: AttentionGradient,
): void {
  const { label, b, t, h, hd, qkv, out, lse } = shape;
  const { columns } = tuning;
  const { parts, slots, rows } = divided(tuning, hd);
  const workgroup = { threads: slots * parts, bytes: parts > 1 ? 8 * slots * parts * rows * columns.backward : 0 };
  const delta = plan.temporary('delta', b * t * h);
  const workgroups: [number, number] = [Math.ceil(t / (slots * rows)), b * h];
  const defines = definesOf(tuning, shape);
  plan.add({
    label: `${label} d q`,
    code: expand(withDots(backwardQ), { ...defines, QUERIES: rows, KEYS: columns.backward }),
    constants: constantsOf(shape),
    ranges: [qkv, out, dout, lse, delta, dqkv],
    workgroups,
    workgroup,
    flops: pairs(shape) * 6 * hd,
  });
  plan.add({
    label: `${label} d kv`,
    code: expand(withDots(backwardKV), { ...defines, QUERIES: columns.backward, KEYS: rows }),
    constants: constantsOf(shape),
    ranges: [qkv, dout, lse, delta, dqkv],
    workgroups,
    workgroup,
    flops: pairs(shape) * 8 * hd,
  });
}

/** What both gradients have in common stands in a file of its own. */
const withDots = (kernel: string): string => kernel.replace('#dots\n', () => dots);

/** The widest head that one thread serves, in vec4. One of 128 channels would spill registers and take twice as long. */
const ALONE = 16;

/** The vec4 that each of several threads takes at most of a wider one. */
const SHARE = 8;

/** How many threads share a head, the vec4 that each has of it, the groups of such threads, and the rows of each group. */
function divided({ threads, quads }: AttentionTuning, hd: number) {
  const hd4 = hd / 4;
  let parts = hd4 <= ALONE ? 1 : Math.ceil(hd4 / SHARE);
  while (hd4 % parts !== 0) parts += 1;
  const mine = hd4 / parts;
  const slots = Math.max(1, Math.floor(threads / parts));
  return { parts, mine, slots, rows: Math.max(1, Math.min(4, Math.floor(quads / mine))) };
}

function definesOf(tuning: AttentionTuning, { hd, causal, qkv }: Attention) {
  const { parts, mine, slots } = divided(tuning, hd);
  const sharing = { PARTS: parts, PARTED: parts > 1, MINE: mine, SLOTS: slots, THREADS: slots * parts };
  return { ...sharing, HD4: hd / 4, CAUSAL: causal, HALF: qkv.half ?? false };
}

const constantsOf = ({ t, h, hd }: Attention) => ({ T: t, H: h, SCALE: 1 / Math.sqrt(hd) });

/** Pairs of a query and a key that it sees, over all pictures and heads. */
const pairs = ({ b, t, h, causal }: Attention): number => b * h * (causal ? (t * (t + 1)) / 2 : t * t);
