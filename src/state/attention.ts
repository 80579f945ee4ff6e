/** Attention maps of the selected picture, fetched when that view is open, a few kept for going back and forth. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { startOf } from '../complete/starts.ts';
import { variantOf } from '../complete/which.ts';
import { completion, isWhole } from './completion.ts';
import { inspection } from './inspection.ts';
import { report } from './notices.ts';
import { session } from './session.ts';

/** One head's weights over a whole picture, as Lab.attention gives them. */
export interface AttentionMap {
  tokens: Int16Array;
  layer: number;
  head: number;
  /** What the picture began with, as Sampling.starts has it. */
  start: number | undefined;
  /** [pixels, pixels] */
  weights: Float32Array;
}

interface AttentionState {
  shown: AttentionMap | null;
}

/** A map of a 32 × 32 picture takes 4 MiB. */
const KEPT = 16;

export const attention = createStore<AttentionState>()(() => ({ shown: null }));

type Question = Omit<AttentionMap, 'weights'>;

function question(): Question | null {
  const { view, selected, layer, head } = inspection.getState();
  const { run } = completion.getState();
  if (view !== 'attention' || session.getState().phase !== 'ready' || run?.status === 'running') return null;
  const tokens = variantOf(run, selected.which)?.tokens;
  return run && tokens && isWhole(tokens) ? { tokens, layer, head, start: startOf(run, selected.which) } : null;
}

const same = (a: Question | null, b: Question | null) =>
  a?.tokens === b?.tokens && a?.layer === b?.layer && a?.head === b?.head && a?.start === b?.start;

let asked: Question | null = null;
let kept: AttentionMap[] = [];

async function refresh(): Promise<void> {
  const now = question();
  if (same(now, asked)) return;
  asked = now;
  const known = kept.find((map) => same(map, now)) ?? null;
  attention.setState({ shown: known });
  if (!now || known) return;
  try {
    const { tokens, layer, head, start } = now;
    const map = { ...now, weights: await session.getState().lab().attention(tokens, layer, head, start) };
    kept = [map, ...kept].slice(0, KEPT);
    if (same(now, asked)) attention.setState({ shown: map });
  } catch (error) {
    report(error);
  }
}

for (const store of [inspection, completion, session]) store.subscribe(() => void refresh());

/** Another model sees with other eyes. */
session.subscribe(({ model }, before) => {
  if (model === before.model) return;
  kept = [];
  const { layer, head, lookThrough } = inspection.getState();
  // The same model after a crash has the head that was looked through.
  if (model && (layer >= model.layers || head >= model.heads)) lookThrough(0, 0);
});

export const useAttention = <T>(select: (state: AttentionState) => T): T => useStore(attention, select);
