/** Attention of new positions over the decoder's cached keys and values: attend.wgsl and attend-together.wgsl. */
import type { PlanBuilder, Range } from '../plan.ts';
import alone from './attend.wgsl?raw';
import together from './attend-together.wgsl?raw';
import { expand } from './expand.ts';
import { reduction } from './rows.ts';

export interface Attend {
  label: string;
  /** Rows of q: `rows` positions of each picture. */
  m: number;
  rows: number;
  /** Positions of the cache, heads, channels a head. */
  t: number;
  h: number;
  hd: number;
  /** [m, h · hd] */
  q: Range;
  /** [m / rows, h, t, hd], in f32 or f16 both. */
  keys: Range;
  values: Range;
  half: boolean;
  /** The first of the positions, in word 0. */
  state: Range;
}

/** Queries and heads of a workgroup where a thread does one alone. */
const PAIRS = 8;

/** The widest head, in vec4, that a thread does alone: at 64 channels lavapipe compiles for 50 s, and nothing is gained. */
const ALONE = 8;

/** Threads that do a wider one together where a thread would do a narrower one alone. */
const FEW = 8;

/** Keys that a thread scores before all of them take what they found. */
const KEYS = 4;

/** out [m, h · hd]; of `lanes` threads together, or each alone where that is 1 and heads are not wide. */
export function attend(plan: PlanBuilder, lanes: number, shape: Attend, out: Range): void {
  const { label, m, rows, t, h, hd, q, keys, values, half, state } = shape;
  const common = {
    label,
    constants: { M: m, H: h, T: t, ROWS: rows, SCALE: 1 / Math.sqrt(hd) },
    ranges: [q, keys, values, state, out],
    flops: 4 * m * t * h * hd,
  };
  const hd4 = hd / 4;
  if (lanes === 1 && hd4 <= ALONE) {
    const code = expand(alone, { PAIRS, HD4: hd4, HALF: half });
    plan.add({ ...common, code, workgroups: [Math.ceil((m * h) / PAIRS)] });
    return;
  }
  const threads = lanes === 1 ? FEW : lanes;
  const turns = Math.ceil(hd4 / threads);
  const defines = {
    HD4: hd4,
    KEYS,
    TURNS: turns,
    PARTS: Math.max(1, Math.floor(threads / hd4)),
    ...reduction(plan.subgroups, threads, 1),
  };
  plan.add({
    ...common,
    code: expand(together, { ...defines, HALF: half }),
    workgroups: [m * h],
    workgroup: { threads, bytes: threads * (4 * KEYS + 16 * turns + 4) },
  });
}
