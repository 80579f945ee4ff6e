/**
 * How the chosen data set is brought to what a model takes: the side, and the palette, which is the current model's or one
 * that is fitted to the data set. Training begins with the reduction that is chosen here.
 */
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type DatasetInfo,
  type FittedPalette,
  type ModelInfo,
  type ReductionPreview,
  SIDES,
} from '../../workers/contract.ts';
import type { LabCalls } from '../lab.ts';
import { type DatasetsState, datasets } from './datasets.ts';
import { report } from './notices.ts';
import { runningWorker, type SessionState, session } from './session.ts';

export type PaletteSource = 'model' | 'fit';

export const COLOUR_RANGE = { min: 2, max: 512, step: 1 } as const;

export interface Reduction {
  dataset: string;
  side: number;
  /** In [-1, 1], [colours × 3]. */
  palette: Float32Array;
  /** RGB bytes, [colours × 3]. */
  bytes: Uint8Array;
  source: PaletteSource;
}

interface Choice {
  /** A data set of smaller pictures has a smaller one. */
  side: number;
  /** Null until the person chooses. */
  source: PaletteSource | null;
  /** Of the next fit. */
  colours: number;
  seed: number;
}

export interface PalettesState extends Choice {
  /** By data set. */
  fits: ReadonlyMap<string, FittedPalette>;
  /** How far, 0 to 1, and to which data set a palette is being fitted. */
  fitting: { dataset: string; done: number } | null;
  /** Null while there is no data set, or no palette. */
  chosen: Reduction | null;
  /** What a reduction, the chosen one or the one before it, leaves of some pictures. */
  seen: { reduction: Reduction; preview: ReductionPreview } | null;
  choose: (part: Partial<Choice>) => void;
  /** Fits a palette to the chosen data set. */
  fitPalette: () => Promise<void>;
  cancel: () => Promise<void>;
}

/** The sides that pictures can be reduced to: nothing is gained by larger ones. */
export function sidesFor({ side }: DatasetInfo): readonly number[] {
  const sides = SIDES.filter((one) => one <= side);
  return sides.length > 0 ? sides : SIDES.slice(0, 1);
}

/** The wanted side, or the largest that there is. */
export const sideFor = (dataset: DatasetInfo, wanted: number): number =>
  sidesFor(dataset).findLast((side) => side <= wanted) ?? sidesFor(dataset)[0];

/** Where the person has not chosen, the model's palette, unless there is no model to wait for. */
export const sourceFor = (chosen: PaletteSource | null, { model, phase }: Pick<SessionState, 'model' | 'phase'>) =>
  chosen ?? (model || phase !== 'failed' ? 'model' : 'fit');

export const chosenDataset = ({ list, chosen }: Pick<DatasetsState, 'list' | 'chosen'>): DatasetInfo | undefined =>
  list?.find(({ id }) => id === chosen);

function reductionOf(
  { side, source, fits }: Pick<PalettesState, 'side' | 'source' | 'fits'>,
  dataset: DatasetInfo | undefined,
  from: { model: ModelInfo | null; phase: SessionState['phase'] },
): Reduction | null {
  if (!dataset) return null;
  const common = { dataset: dataset.id, side: sideFor(dataset, side), source: sourceFor(source, from) };
  if (common.source === 'model')
    return from.model && { ...common, palette: from.model.clusters, bytes: from.model.palette };
  const fitted = fits.get(dataset.id);
  return fitted ? { ...common, palette: fitted.palette, bytes: fitted.bytes } : null;
}

const isSame = (a: Reduction | null, b: Reduction | null): boolean =>
  a === b || (a?.dataset === b?.dataset && a?.side === b?.side && a?.palette === b?.palette && a?.source === b?.source);

export function createPalettes(
  lab: () => LabCalls,
  data: Pick<StoreApi<DatasetsState>, 'getState' | 'subscribe'>,
  running: Pick<StoreApi<SessionState>, 'getState' | 'subscribe'>,
) {
  /** The number of the newest fit; progress of an earlier one is ignored. */
  let latest = 0;

  const store = createStore<PalettesState>()((set, get) => ({
    side: 16,
    source: null,
    colours: 512,
    seed: 1,
    fits: new Map(),
    fitting: null,
    chosen: null,
    seen: null,

    choose: (part) => {
      set(part);
      settle();
    },

    fitPalette: async () => {
      const dataset = chosenDataset(data.getState());
      if (!dataset) return;
      const { id } = dataset;
      const { colours, seed, side } = get();
      const mine = ++latest;
      const isMine = () => latest === mine;
      set({ fitting: { dataset: id, done: 0 } });
      try {
        const request = { dataset: id, colours, seed, side: sideFor(dataset, side) };
        const fitted = await lab().fitPalette(request, (done) => {
          // Callbacks have ports of their own: the last of them may arrive after the answer.
          if (isMine() && get().fitting) set({ fitting: { dataset: id, done } });
        });
        set({ fits: new Map(get().fits).set(id, fitted) });
        settle();
      } catch (error) {
        report(error);
      } finally {
        if (isMine()) set({ fitting: null });
      }
    },

    cancel: async () => {
      try {
        await lab().cancelDataset();
      } catch (error) {
        report(error);
      }
    },
  }));

  const look = async (reduction: Reduction) => {
    const { dataset, side, palette } = reduction;
    try {
      const preview = await lab().previewReduction({ dataset, side, palette });
      if (store.getState().chosen === reduction) store.setState({ seen: { reduction, preview } });
    } catch (error) {
      report(error);
    }
  };

  const settle = () => {
    const reduction = reductionOf(store.getState(), chosenDataset(data.getState()), running.getState());
    if (isSame(reduction, store.getState().chosen)) return;
    store.setState({ chosen: reduction });
    if (reduction) void look(reduction);
  };

  data.subscribe(settle);
  running.subscribe((now, before) => {
    settle();
    const { chosen, seen } = store.getState();
    // What the worker before was asked for does not come any more.
    if (now.worker && now.worker !== before.worker && chosen && seen?.reduction !== chosen) void look(chosen);
  });
  settle();
  return store;
}

export const palettes = createPalettes(runningWorker, datasets, session);

export const usePalettes = <T>(select: (state: PalettesState) => T): T => useStore(palettes, select);
