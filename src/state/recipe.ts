/** What is about to be trained, and what that would take on this device. */
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type ModelSize,
  type Recipe,
  type RunRequest,
  type TrainingCost,
  USUAL_RECIPE,
} from '../../workers/contract.ts';
import type { LabCalls } from '../lab.ts';
import { PRESETS, presetOf } from '../train/presets.ts';
import { type DatasetsState, datasets } from './datasets.ts';
import { chosenDataset, type PalettesState, palettes } from './palettes.ts';
import { runningWorker, type SessionState, session } from './session.ts';
import { training } from './training.ts';

type Shape = Omit<ModelSize, 'side'>;

export interface RecipeState {
  /** Null until the person chooses: then it is what suits the device. */
  chosen: Shape | null;
  recipe: Recipe;
  name: string;
  /** Of what is chosen now; null while it is being found out. */
  cost: TrainingCost | null;
  choose: (shape: Shape) => void;
  change: (part: Partial<Recipe>) => void;
  setName: (name: string) => void;
  /** Trains what is chosen; what is being trained stops, saved. */
  start: () => Promise<void>;
  /** The same with the first shard of the bundled CIFAR-10, which is added first. */
  startOnBundled: () => Promise<void>;
}

/** What suits a device: a GPU has time for a model that a processor has not. */
export function shapeFor(chosen: Shape | null, device: SessionState['device']): Shape {
  return chosen ?? (device?.training.backend === 'webgpu' && !device.software ? PRESETS.tiny : PRESETS.nano);
}

/** What a run is called unless the person says otherwise. */
export function usualName(shape: Shape, data: Pick<DatasetsState, 'list' | 'chosen'>): string {
  return `${presetOf(shape) ?? 'custom'} on ${chosenDataset(data)?.name ?? 'no data'}`;
}

export function createRecipe(
  lab: () => LabCalls,
  running: Pick<StoreApi<SessionState>, 'getState' | 'subscribe'>,
  reductions: Pick<StoreApi<PalettesState>, 'getState' | 'subscribe'>,
  data: Pick<StoreApi<DatasetsState>, 'getState'>,
  begin: (request: RunRequest) => Promise<void>,
): StoreApi<RecipeState> {
  const store = createStore<RecipeState>()((set, get) => ({
    chosen: null,
    recipe: USUAL_RECIPE,
    name: '',
    cost: null,
    choose: (chosen) => {
      set({ chosen });
      void reckon();
    },
    change: (part) => {
      set({ recipe: { ...get().recipe, ...part } });
      void reckon();
    },
    setName: (name) => set({ name }),

    start: async () => {
      const reduction = reductions.getState().chosen;
      const { device } = running.getState();
      if (!reduction || !device) return;
      const { chosen, recipe, name } = get();
      const { dataset, palette, side } = reduction;
      const size = { ...shapeFor(chosen, device), side };
      await begin({ name: name.trim() || usualName(size, data.getState()), dataset, size, palette, recipe });
    },

    startOnBundled: async () => {
      await data.getState().addBundled('first');
      // Its palette is the model's, which may still be on its way.
      if (data.getState().chosen !== null) await reduced();
      await get().start();
    },
  }));

  /** Resolves as soon as there is something to train on. */
  const reduced = () =>
    new Promise<void>((resolve) => {
      if (reductions.getState().chosen) return resolve();
      const stop = reductions.subscribe(({ chosen }) => {
        if (!chosen) return;
        stop();
        resolve();
      });
    });

  /** What the cost was last asked for; a later question makes an answer void. */
  let asked = '';
  const reckon = async () => {
    const { device } = running.getState();
    const reduction = reductions.getState().chosen;
    if (!device || !reduction) return;
    const { chosen, recipe } = store.getState();
    const size = { ...shapeFor(chosen, device), side: reduction.side };
    const colours = reduction.palette.length / 3;
    const { objective, batch, parts } = recipe;
    const question = JSON.stringify([size, colours, objective, batch, parts, device.training]);
    if (question === asked) return;
    asked = question;
    store.setState({ cost: null });
    // What cannot be trained is a sentence beside the choice, not a notice.
    const cost = await lab()
      .trainingCost(size, colours, recipe)
      .catch(
        (error: Error): TrainingCost => ({
          parameters: 0,
          bytes: 0,
          tokensPerSecond: 0,
          measured: false,
          problem: error.message,
        }),
      );
    if (asked === question) store.setState({ cost });
  };

  running.subscribe(({ device }, before) => {
    if (device !== before.device) asked = '';
    void reckon();
  });
  reductions.subscribe(() => void reckon());
  void reckon();
  return store;
}

export const recipe = createRecipe(runningWorker, session, palettes, datasets, (request) =>
  training.getState().start(request),
);

export const useRecipe = <T>(select: (state: RecipeState) => T): T => useStore(recipe, select);
