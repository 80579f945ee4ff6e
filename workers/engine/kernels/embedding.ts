/** Adds the embedding of inputs and positions, and its gradients, to a plan. */
import type { PlanBuilder, Range } from '../plan.ts';
import backwardTokens from './embed-grad.wgsl?raw';
import forward from './embed-inputs.wgsl?raw';
import { expand } from './expand.ts';
import backwardPositions from './position-grad.wgsl?raw';
import { stridingGroups } from './striding.ts';

export interface Embedding {
  /** Pictures, positions, width (a multiple of 4), rows of wte. */
  b: number;
  t: number;
  d: number;
  entries: number;
}

/** h [b·t, d], in f32 or f16. */
export function embedding(
  plan: PlanBuilder,
  { b, t, d }: Embedding,
  { inputs, wte, wpe, h }: { inputs: Range; wte: Range; wpe: Range; h: Range },
): void {
  plan.add({
    label: 'embed',
    code: expand(forward, { HALF: h.half ?? false }),
    constants: { M: b * t, T: t, D4: d / 4 },
    ranges: [inputs, wte, wpe, h],
    workgroups: [stridingGroups((b * t * d) / 4)],
    flops: b * t * d,
  });
}

/** dh [b·t, d], in f32 or f16; `order` and `starts` as rowsByInput gives them; lanes threads share an entry's rows. */
export function embeddingGradient(
  plan: PlanBuilder,
  lanes: number,
  { b, t, d, entries }: Embedding,
  { dh, order, starts, dwte, dwpe }: { dh: Range; order: Range; starts: Range; dwte: Range; dwpe: Range },
): void {
  plan.add({
    label: 'd wte',
    code: expand(backwardTokens, { COLUMNS: 32, LANES: lanes > 1 ? 8 : 1, SPLIT: lanes > 1, HALF: dh.half ?? false }),
    constants: { D4: d / 4 },
    ranges: [dh, order, starts, dwte],
    workgroups: [entries],
    flops: b * t * d,
  });
  plan.add({
    label: 'd wpe',
    code: expand(backwardPositions, { HALF: dh.half ?? false }),
    constants: { B: b, SIZE4: (t * d) / 4 },
    ranges: [dh, dwpe],
    workgroups: [Math.ceil((t * d) / 4 / 64)],
    flops: b * t * d,
  });
}

/** Rows sorted by their input, and where each input's rows begin; inputs below 0 are in none. [M], [entries + 1] */
export function rowsByInput(inputs: Int32Array, entries: number): { order: Uint32Array; starts: Uint32Array } {
  const starts = new Uint32Array(entries + 1);
  for (const input of inputs) if (input >= 0) starts[input + 1]++;
  for (let k = 0; k < entries; k++) starts[k + 1] += starts[k];
  const next = starts.slice();
  const order = new Uint32Array(inputs.length);
  inputs.forEach((input, row) => {
    if (input >= 0) order[next[input]++] = row;
  });
  return { order, starts };
}
