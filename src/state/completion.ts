/**
 * The completion that is shown: made earlier and shipped with the page, or being made here. A run keeps everything
 * needed to show it, so that editing the drawing or the settings leaves it as it is.
 */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { type CompletionResult, type ModelInfo, UNKNOWN } from '../../workers/contract.ts';
import type { Example, Examples } from '../complete/examples.ts';
import { startOf, startsFor } from '../complete/starts.ts';
import {
  bareVariant,
  bitsPerPixel,
  countUnknown,
  sameTokens,
  type Variant,
  variantsIn,
  withUpdate,
} from '../complete/variant.ts';
import type { LabCalls } from '../lab.ts';
import { drawing } from './drawing.ts';
import { report } from './notices.ts';
import { sampling } from './sampling.ts';
import { session } from './session.ts';

export interface Run {
  /** Counts up; results of another run are not for this one. */
  id: number;
  origin: 'earlier' | 'here';
  /** The model that is at work here; null for completions made earlier. */
  model: ModelInfo | null;
  status: 'running' | 'done' | 'stopped';
  side: number;
  /** RGB bytes, [colours × 3]. */
  palette: Uint8Array;
  name: string;
  /** The classes that variants began with, in turn: places in the model's list; undefined where they began without. */
  starts: number[] | undefined;
  /** What the model was given; UNKNOWN where it chose. [pixels] */
  given: Int16Array;
  variants: Variant[];
  /** How many were asked for: memory may not do for all of them at once. */
  asked: number;
  /** The whole picture that the drawing came from, if there is one. */
  original: Variant | null;
  /** Pixels [0, done) have come. */
  done: number;
  /** performance.now() at the start. */
  startedAt: number;
  /** Sampled pixels of all variants per second, as measured so far. */
  rate: number | null;
  result: CompletionResult | null;
}

interface CompletionState {
  run: Run | null;
  showEarlier: (examples: Examples, example: Example) => void;
  complete: () => Promise<void>;
  stop: () => void;
  clear: () => void;
}

/** A run of the drawing as it is now, before its first row. */
function begun(id: number, variants: number, starts: number[] | undefined, before: Run | null): Run {
  const { tokens: given, original, name, side, palette } = drawing.getState();
  const { model } = session.getState();
  const again = before && sameTokens(before.given, given) ? before : null;
  /** Completions made earlier for this very drawing stay until the new rows replace them. */
  const earlier = again?.origin === 'earlier' ? again.variants : [];
  /** Another model, and another class, judges the original anew. */
  const alike =
    again !== null &&
    startOf(again, 'original') === startOf({ starts }, 'original') &&
    (again.origin === 'earlier' || again.model === model);
  const judged = alike ? again.original : null;
  const scored = judged && sameTokens(judged.tokens, original) ? judged : null;
  return {
    id,
    origin: 'here',
    model,
    status: 'running',
    side,
    palette,
    name,
    starts,
    given,
    variants: Array.from({ length: variants }, (_, v) => bareVariant(earlier[v]?.tokens ?? given)),
    asked: variants,
    original: scored ?? (original && bareVariant(original)),
    done: 0,
    startedAt: performance.now(),
    rate: null,
    result: null,
  };
}

let lastId = 0;
let running: LabCalls | null = null;

export const completion = createStore<CompletionState>()((set, get) => {
  /** Changes the run while it is still the one that is shown. */
  const change = (id: number, next: (run: Run) => Partial<Run>) => {
    const { run } = get();
    if (run?.id === id) set({ run: { ...run, ...next(run) } });
  };

  /** How surprising the original is to the model, over the same pixels. */
  const scoreOriginal = async (id: number) => {
    const { run } = get();
    const original = run?.original;
    if (!original || !Number.isNaN(original.nll[0])) return;
    // Another model may have taken the place of the run's by now: it has its own side.
    const { model, phase } = session.getState();
    if (phase !== 'ready' || model !== run.model) return;
    const { starts } = run;
    const nll = await session.getState().lab().score(original.tokens, startOf({ starts }, 'original'));
    change(id, ({ given }) => ({ original: { ...original, nll, bits: bitsPerPixel(nll, given) } }));
  };

  return {
    run: null,

    showEarlier: (examples, example) =>
      set({
        run: {
          id: ++lastId,
          origin: 'earlier',
          model: null,
          status: 'done',
          side: examples.side,
          palette: examples.palette,
          name: example.name,
          starts: undefined,
          given: example.drawing,
          variants: example.completions
            .slice(0, sampling.getState().sampling.variants)
            .map((c) => bareVariant(c.tokens, c.bits)),
          asked: example.completions.length,
          original: bareVariant(example.tokens, example.originalBits),
          done: example.tokens.length,
          startedAt: 0,
          rate: null,
          result: null,
        },
      }),

    complete: async () => {
      const { sampling: settings, chosenClass } = sampling.getState();
      const starts = startsFor(chosenClass, session.getState().model);
      const given = drawing.getState().tokens;
      const id = ++lastId;
      try {
        if (!countUnknown(given))
          throw new Error('Every pixel is drawn already. Hide or erase some for the model to fill in.');
        const lab = session.getState().lab();
        running = lab;
        set({ run: begun(id, settings.variants, starts, get().run) });
        const result = await lab.complete({ tokens: given, sampling: { ...settings, starts } }, (update) =>
          change(id, (run) => {
            const done = Math.max(run.done, update.to);
            const variants = run.variants.slice(0, variantsIn(update));
            const sampled = countUnknown(given, 0, done) * variants.length;
            const seconds = (performance.now() - run.startedAt) / 1000;
            return {
              variants: withUpdate(variants, update, given),
              done,
              rate: sampled ? sampled / seconds : null,
            };
          }),
        );
        change(id, () => ({ status: 'done', rate: result.tokensPerSecond, result }));
      } catch (error) {
        change(id, () => ({ status: 'stopped' }));
        report(error);
        return;
      }
      await scoreOriginal(id).catch(report);
    },

    stop: () => {
      if (get().run?.status === 'running') running?.cancel().catch(report);
    },

    clear: () => set({ run: null }),
  };
});

/** While another model loads, nothing is sampled from the one before. */
session.subscribe(({ phase }, before) => {
  if (phase === 'loading' && before.phase === 'ready') completion.getState().stop();
});

/** Whether the shown run answers the drawing as it is now. */
export const answers = (run: Run | null, tokens: Int16Array): boolean => run !== null && sameTokens(run.given, tokens);

/** Pixels that the model has chosen so far and in all, per variant. */
export const sampledSoFar = (run: Run): { sampled: number; unknown: number } => ({
  sampled: countUnknown(run.given, 0, run.done),
  unknown: countUnknown(run.given),
});

export const isWhole = (tokens: Int16Array): boolean => !tokens.includes(UNKNOWN);

export const useCompletion = <T>(select: (state: CompletionState) => T): T => useStore(completion, select);
