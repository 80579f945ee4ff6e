/**
 * What the current model says that the drawing shows: where it was taught classes, and no pixel is left out. While an
 * answer is on its way only the newest drawing waits, so that a stroke asks no more often than the model can tell.
 */
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ModelInfo } from '../../workers/contract.ts';
import { isWhole } from './completion.ts';
import { drawing } from './drawing.ts';
import { report } from './notices.ts';
import { session } from './session.ts';

export interface Label {
  name: string;
  probability: number;
}

export interface LabellingState {
  /** Every class, the likeliest first; null where there is nothing to say. */
  labels: Label[] | null;
}

export interface Labelled {
  /** Null while none is ready. */
  model: ModelInfo | null;
  tokens: Int16Array;
}

export function createLabelling(
  now: () => Labelled,
  classify: (tokens: Int16Array) => Promise<Float32Array>,
): { store: StoreApi<LabellingState>; refresh: () => Promise<void> } {
  const store = createStore<LabellingState>()(() => ({ labels: null }));
  let told: Labelled = { model: null, tokens: new Int16Array(0) };
  let asking = false;

  const refresh = async (): Promise<void> => {
    const { model, tokens } = now();
    if (asking || (model === told.model && tokens === told.tokens)) return;
    told = { model, tokens };
    if (!model?.classes || tokens.length !== model.side ** 2 || !isWhole(tokens)) {
      store.setState({ labels: null });
      return;
    }
    asking = true;
    const probabilities = await classify(tokens).catch(report);
    asking = false;
    if (probabilities && model === now().model) store.setState({ labels: labelsOf(model.classes, probabilities) });
    await refresh();
  };
  return { store, refresh };
}

const labelsOf = (classes: string[], probabilities: Float32Array): Label[] =>
  classes.map((name, i) => ({ name, probability: probabilities[i] })).sort((a, b) => b.probability - a.probability);

const { store, refresh } = createLabelling(
  () => {
    const { phase, model } = session.getState();
    return { model: phase === 'ready' ? model : null, tokens: drawing.getState().tokens };
  },
  (tokens) => session.getState().lab().classify(tokens),
);
drawing.subscribe(() => void refresh());
session.subscribe(() => void refresh());

export const useLabels = (): Label[] | null => useStore(store, (s) => s.labels);
