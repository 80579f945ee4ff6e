/** The data sets in this browser: which there are, which one is chosen, what is being added. Train and Probe share it. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type {
  BundledDataset,
  DatasetInfo,
  DatasetSheet,
  IncomingFile,
  LoadProgress,
  StorageUse,
} from '../../workers/contract.ts';
import type { LabCalls } from '../lab.ts';
import { notices, report } from './notices.ts';
import { askToPersist } from './persist.ts';
import { runningWorker } from './session.ts';

/** Pictures to look at: ten rows of ten where there are ten classes. */
const SHEET = 100;
const MAX_NAMED = 3;

export interface DatasetsState {
  /** The newest first; null until they were listed. */
  list: DatasetInfo[] | null;
  /** They were asked for, whether or not an answer came. */
  asked: boolean;
  chosen: string | null;
  /** Of the chosen one; null until it has come. */
  sheet: DatasetSheet | null;
  /** What is being added, and how far it is. */
  adding: LoadProgress | null;
  bundled: BundledDataset | null;
  use: StorageUse;
  /** Asks the worker for everything again. */
  refresh: () => Promise<void>;
  add: (files: IncomingFile[] | Promise<IncomingFile[]>) => Promise<void>;
  addBundled: (which: 'first' | 'all') => Promise<void>;
  cancel: () => Promise<void>;
  choose: (id: string | null) => Promise<void>;
  rename: (id: string, name: string) => Promise<void>;
  setPart: (id: string, source: number, part: 'train' | 'test') => Promise<void>;
  remove: (id: string) => Promise<void>;
}

/** Gives what was added; null where that was no longer wanted when it could have begun. */
type Read = (onProgress: (progress: LoadProgress) => void, isWanted: () => boolean) => Promise<DatasetInfo | null>;

/** @param askToPersist asks the browser not to clear the storage when the disk fills up */
export function createDatasets(lab: () => LabCalls, askToPersist: () => void) {
  return createStore<DatasetsState>()((set, get) => {
    const tell = async (work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        report(error);
      }
    };

    const replace = (changed: DatasetInfo) =>
      set({ list: get().list?.map((one) => (one.id === changed.id ? changed : one)) ?? null });

    const adding = (read: Read) =>
      tell(async () => {
        const mine: LoadProgress = { loaded: 0, total: 0 };
        let shown = mine;
        // What was begun later has the panel's progress for itself.
        const isMine = () => get().adding === shown;
        set({ adding: shown });
        try {
          const added = await read((progress) => {
            if (!isMine()) return;
            shown = progress;
            set({ adding: progress });
          }, isMine);
          if (!added) return;
          noteReading(added);
          // Only now there is something to keep, and a browser that asks the person can say for what.
          askToPersist();
          await get().refresh();
          await get().choose(added.id);
        } finally {
          if (isMine()) set({ adding: null });
        }
      });

    return {
      list: null,
      asked: false,
      chosen: null,
      sheet: null,
      adding: null,
      bundled: null,
      use: { used: 0, quota: 0, unreadable: 0 },

      refresh: async () => {
        await tell(async () => {
          const [list, bundled, use] = await Promise.all([
            lab().listDatasets(),
            get().bundled ?? lab().bundledDataset(),
            lab().storageUse(),
          ]);
          set({ list, bundled, use, asked: true });
          const { chosen, sheet } = get();
          const kept = list.find(({ id }) => id === chosen);
          if (!kept || !sheet) await get().choose((kept ?? list[0])?.id ?? null);
        });
        set({ asked: true });
      },

      add: (files) =>
        adding(async (onProgress, isWanted) => {
          const listed = await files;
          return isWanted() ? lab().addDataset(listed, onProgress) : null;
        }),
      addBundled: (which) => adding((onProgress) => lab().addBundledDataset(which, onProgress)),
      cancel: () =>
        tell(async () => {
          set({ adding: null });
          await lab().cancelDataset();
        }),

      choose: (id) =>
        tell(async () => {
          set({ chosen: id, sheet: null });
          if (id === null) return;
          const sheet = await lab().datasetSheet(id, SHEET);
          if (get().chosen === id) set({ sheet });
        }),

      rename: (id, name) => tell(async () => replace(await lab().renameDataset(id, name))),
      setPart: (id, source, part) => tell(async () => replace(await lab().setDatasetPart(id, source, part))),

      remove: (id) =>
        tell(async () => {
          await lab().deleteDataset(id);
          await get().refresh();
        }),
    };
  });
}

/** Says what became of files that are no pictures, of pictures that are damaged, and of labels. */
function noteReading({ skipped = [], damaged = [], notes = [] }: DatasetInfo): void {
  const sentences = [...notes];
  if (damaged.length > 0) sentences.push(`${count(damaged, 'damaged picture')} left out: ${some(damaged)}`);
  if (skipped.length > 0) sentences.push(`No pictures or labels were read from ${some(skipped)}.`);
  if (sentences.length > 0) notices.getState().notify('note', sentences.join(' '));
}

const count = ({ length }: string[], what: string) => (length === 1 ? `One ${what} is` : `${length} ${what}s are`);

function some(list: string[]): string {
  const more = list.length - MAX_NAMED;
  return `${list.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

export const datasets = createDatasets(runningWorker, askToPersist);

export const useDatasets = <T>(select: (state: DatasetsState) => T): T => useStore(datasets, select);
