/** The example pictures, and putting one of them or a picture of the visitor's own into the editor. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { applyMask } from '../canvas/raster.ts';
import type { Example, Examples } from '../complete/examples.ts';
import { sameTokens } from '../complete/variant.ts';
import { completion, isWhole } from './completion.ts';
import { drawing } from './drawing.ts';
import { notices, report } from './notices.ts';
import { session, whenReady } from './session.ts';
import { whenOpen } from './workspace.ts';

interface Gallery {
  /** Null until they have loaded. */
  examples: Examples | null;
}

export const gallery = createStore<Gallery>()(() => ({ examples: null }));

/** Completes the drawing as soon as a model is ready and somebody looks, unless it is whole or the person has changed it by then. */
export async function completeWhenReady(): Promise<void> {
  const steps = drawing.getState().past.length;
  await Promise.all([whenReady(), whenOpen('complete')]);
  const { past, stroking, tokens } = drawing.getState();
  if (past.length === steps && !stroking && !isWhole(tokens)) await completion.getState().complete();
}

/** Shows the example with the completions that were made earlier, then makes new ones here. */
export function openExample(examples: Examples, example: Example): void {
  drawing.getState().load(example.drawing, { original: example.tokens, name: example.name });
  if (example.completions.length) completion.getState().showEarlier(examples, example);
  else completion.getState().clear();
  void completeWhenReady();
}

/** The example that starts from exactly this drawing. */
export const exampleOf = (examples: Examples | null, tokens: Int16Array): Example | undefined =>
  examples?.pictures.find((picture) => sameTokens(picture.drawing, tokens));

/** Takes a picture file as the original and leaves its top half for the model to go on from. */
export async function openPicture(file: Blob): Promise<void> {
  try {
    const { tokens, note } = await session.getState().lab().readPicture(file);
    const { load, side } = drawing.getState();
    load(applyMask(tokens, tokens, side, 'top half'), {
      original: tokens,
      name: file instanceof File ? file.name.replace(/\.\w+$/, '') : 'Picture',
    });
    if (note) notices.getState().notify('note', note);
  } catch (error) {
    report(error);
  }
}

export const useGallery = <T>(select: (state: Gallery) => T): T => useStore(gallery, select);
