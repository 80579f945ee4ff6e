/** What is about to be trained, and what that would take on this device. */
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  FINE_TUNING_RATE,
  type ModelSize,
  type Recipe,
  type RunInfo,
  type RunStart,
  type TrainingCost,
  USUAL_RECIPE,
} from '../../workers/contract.ts';
import type { LabCalls } from '../lab.ts';
import { PRESETS, presetOf } from '../train/presets.ts';
import { counted } from '../ui/format.ts';
import { type DatasetsState, datasets } from './datasets.ts';
import { chosenDataset, type PalettesState, palettes } from './palettes.ts';
import { runningWorker, type SessionState, session } from './session.ts';
import { type TrainingState, training } from './training.ts';

type Shape = Omit<ModelSize, 'side'>;

export interface RecipeState {
  /** Null until the person chooses: then it is what suits the device. */
  chosen: Shape | null;
  /** Weights to begin with; null for new ones. */
  from: RunStart | null;
  recipe: Recipe;
  name: string;
  /** Of what is chosen now; null while it is being found out. */
  cost: TrainingCost | null;
  choose: (shape: Shape) => void;
  /** The learning rate goes along, where it is the usual one. */
  startFrom: (from: RunStart | null) => void;
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

const usualRate = (from: RunStart | null): number => (from ? FINE_TUNING_RATE : USUAL_RECIPE.rate);

/** The shape of what a run begins with; undefined where there is no such model any more. */
function shapeOf(from: RunStart, model: SessionState['model'], runs: RunInfo[] | null): Shape | undefined {
  return from.kind === 'current' ? (model ?? undefined) : runs?.find(({ id }) => id === from.run)?.size;
}

/** What a run is called unless the person says otherwise. */
export function usualName(
  { chosen, from }: Pick<RecipeState, 'chosen' | 'from'>,
  device: SessionState['device'],
  data: Pick<DatasetsState, 'list' | 'chosen'>,
): string {
  const shape = shapeFor(chosen, device);
  const what = from ? 'fine-tuned' : (presetOf(shape) ?? `${counted(shape.layers, 'layer')}, width ${shape.width},`);
  const on = chosenDataset(data)?.name;
  return on === undefined ? what.replace(/,$/, '') : `${what} on ${on}`;
}

export function createRecipe(
  lab: () => LabCalls,
  running: Pick<StoreApi<SessionState>, 'getState' | 'subscribe'>,
  reductions: Pick<StoreApi<PalettesState>, 'getState' | 'subscribe'>,
  data: Pick<StoreApi<DatasetsState>, 'getState'>,
  runs: Pick<StoreApi<TrainingState>, 'getState'>,
): StoreApi<RecipeState> {
  const store = createStore<RecipeState>()((set, get) => ({
    chosen: null,
    from: null,
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
    startFrom: (from) => {
      const { recipe, from: before } = get();
      const rate = recipe.rate === usualRate(before) ? usualRate(from) : recipe.rate;
      set({ from, recipe: { ...recipe, rate } });
      void reckon();
    },
    setName: (name) => set({ name }),

    start: async () => {
      const reduction = reductions.getState().chosen;
      const { device } = running.getState();
      if (!reduction || !device) return;
      const { from, recipe, name } = get();
      const { dataset, palette, side } = reduction;
      const size = sizeAt(side);
      const request = { dataset, size, palette, recipe, from: from ?? undefined };
      await runs.getState().start({ ...request, name: name.trim() || usualName(get(), device, data.getState()) });
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

  const sizeAt = (side: number): ModelSize => {
    const { chosen, from } = store.getState();
    const { model, device } = running.getState();
    const given = from && shapeOf(from, model, runs.getState().list);
    const { layers, width, heads } = given ?? shapeFor(chosen, device);
    return { layers, width, heads, side };
  };

  /** What the cost was last asked for; a later question makes an answer void. */
  let asked = '';
  const reckon = async () => {
    const { device } = running.getState();
    const reduction = reductions.getState().chosen;
    if (!device || !reduction) return;
    const { recipe } = store.getState();
    const size = sizeAt(reduction.side);
    const colours = reduction.palette.length / 3;
    const { objective, batch, parts, precision, leastArea, classify, byClass } = recipe;
    const dataset = chosenDataset(data.getState());
    const { count = 0, side = 0 } = dataset ?? {};
    const classes = dataset?.classes.length ?? 0;
    const used = classify || byClass ? [classify, byClass, classes] : [];
    const pictures = [count, side, leastArea < 1];
    const how = [objective, batch, parts, precision];
    const question = JSON.stringify([size, colours, how, pictures, used, device.training]);
    if (question === asked) return;
    asked = question;
    store.setState({ cost: null });
    // What cannot be trained is a sentence beside the choice, not a notice.
    const cost = await lab()
      .trainingCost(size, colours, recipe, { count, side, classes })
      .catch(
        (error: Error): TrainingCost => ({
          parameters: 0,
          bytes: 0,
          saved: 0,
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

export const recipe = createRecipe(runningWorker, session, palettes, datasets, training);

export const useRecipe = <T>(select: (state: RecipeState) => T): T => useStore(recipe, select);
