/** The model's reading of the visitor's drawing, for the figures: what it weighed at every pixel, drawn or not. */
import { useEffect, useState } from 'react';
import { startsFor } from '../complete/starts.ts';
import { bareVariant, type Variant, withUpdate } from '../complete/variant.ts';
import type { AttentionMap } from '../state/attention.ts';
import { useCompletion } from '../state/completion.ts';
import { useDrawing } from '../state/drawing.ts';
import { report } from '../state/notices.ts';
import { useSampling } from '../state/sampling.ts';
import { session, useSession } from '../state/session.ts';

export interface Reading {
  side: number;
  /** RGB bytes, [colours × 3]. */
  palette: Uint8Array;
  /** What the visitor drew; UNKNOWN where the model chose. [pixels] */
  given: Int16Array;
  /** What it begins with, as Sampling.starts has it. */
  start: number | undefined;
  /** The whole picture, as Completion 1 of the same settings, and what was weighed. */
  variant: Variant;
}

/** Null until there is a model that has read the drawing. A completion under way comes first: it would be cancelled. */
export function useReading(): Reading | null {
  const ready = useSession((s) => s.phase === 'ready');
  const model = useSession((s) => s.model);
  const { tokens, side, palette } = useDrawing((s) => s);
  const completing = useCompletion((s) => s.run?.status === 'running');
  const sampling = useSampling((s) => s.sampling);
  const start = useSampling((s) => startsFor(s.chosenClass, model)?.[0]);
  const [reading, setReading] = useState<Reading | null>(null);
  useEffect(() => {
    if (!ready || completing || model?.side !== side) return;
    let variants = [bareVariant(tokens)];
    let wanted = true;
    session
      .getState()
      .lab()
      .complete(
        {
          tokens,
          sampling: { ...sampling, variants: 1, lookAhead: false, starts: start === undefined ? undefined : [start] },
        },
        (update) => {
          variants = withUpdate(variants, update, tokens);
          if (wanted && update.to === tokens.length) {
            setReading({ side, palette, given: tokens, start, variant: variants[0] });
          }
        },
      )
      .catch(report);
    return () => {
      wanted = false;
    };
  }, [ready, completing, model, tokens, side, palette, sampling, start]);
  // In the colours of another model it is over.
  return reading?.palette === palette ? reading : null;
}

/** Where one head looked while it read; null until that is known. */
export function useGaze({ variant: { tokens }, start }: Reading, layer: number, head: number): AttentionMap | null {
  const ready = useSession((s) => s.phase === 'ready');
  const [map, setMap] = useState<AttentionMap | null>(null);
  useEffect(() => {
    if (!ready) return;
    let wanted = true;
    session
      .getState()
      .lab()
      .attention(tokens, layer, head, start)
      .then((weights) => wanted && setMap({ tokens, layer, head, start, weights }), report);
    return () => {
      wanted = false;
    };
  }, [ready, tokens, layer, head, start]);
  return map?.tokens === tokens ? map : null;
}
