/** Models of the visitor's own: brought in, kept in this browser for later visits, renamed, deleted; and any model, taken away. */
import { type StoreApi, useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { IncomingFile, KeptModel, ModelSurvey } from '../../workers/contract.ts';
import type { LabCalls } from '../lab.ts';
import { busily } from './busily.ts';
import { report } from './notices.ts';
import { askToPersist } from './persist.ts';
import { sampling } from './sampling.ts';
import { runningWorker, type SessionState, session } from './session.ts';

/** Bytes from which on a model is not opened before the person has agreed. */
const ASK_FROM = 500e6;

export interface ModelsState {
  /** The panel with all of this is open. */
  shown: boolean;
  /** The newest first; null until they were listed. */
  list: KeptModel[] | null;
  /** A large model that waits for the person's word. */
  asking: { survey: ModelSurvey; answer: (open: boolean) => void } | null;
  /** A model of the visitor's own that is being read. */
  opening: ModelSurvey | null;
  /** Something was asked for that is not done yet. */
  busy: boolean;
  show: (shown: boolean) => void;
  refresh: () => Promise<void>;
  /** Opens a model and keeps it. */
  add: (files: IncomingFile[] | Promise<IncomingFile[]>) => Promise<void>;
  open: (kept: KeptModel) => Promise<void>;
  rename: (id: string, name: string) => Promise<void>;
  remove: (id: string) => Promise<void>;
  /** The current model as a zip archive. */
  exportModel: (dtype: 'F32' | 'F16') => Promise<Blob | undefined>;
}

/** @param askToPersist asks the browser not to clear the storage when the disk fills up */
export function createModels(
  lab: () => LabCalls,
  running: Pick<StoreApi<SessionState>, 'getState'>,
  askToPersist: () => void,
) {
  return createStore<ModelsState>()((set, get) => {
    const doing = busily(set);

    const ask = (survey: ModelSurvey): Promise<boolean> =>
      new Promise((resolve) => {
        get().asking?.answer(false);
        const answer = (open: boolean) => {
          set({ asking: null });
          resolve(open);
        };
        set({ asking: { survey, answer } });
      });

    /** Whether these are the files of the model that is open. */
    const isOpen = (files: IncomingFile[]) => {
      const { source } = running.getState();
      return source?.kind === 'files' && source.files === files;
    };

    const keep = async (files: IncomingFile[]) => {
      const { model, setSource } = running.getState();
      const kept = await lab().keepModel(files, model!.name);
      const stored = await lab().keptFiles(kept.id);
      // A panel that was opened meanwhile may have listed it already.
      set({ list: [kept, ...(get().list ?? []).filter(({ id }) => id !== kept.id)] });
      if (isOpen(files)) setSource({ kind: 'files', files: stored, kept });
      // Only now there is something to keep, and a browser that asks the person can say for what.
      askToPersist();
    };

    return {
      shown: false,
      list: null,
      asking: null,
      opening: null,
      busy: false,

      show: (shown) => {
        if (!shown) get().asking?.answer(false);
        set({ shown });
      },

      refresh: async () => {
        try {
          const list = await lab().listModels();
          set({ list });
          const { source, setSource } = running.getState();
          // Another tab may have deleted the one that is open.
          if (source?.kind === 'files' && source.kept && !list.some(({ id }) => id === source.kept?.id))
            setSource({ ...source, kept: undefined });
        } catch (error) {
          report(error);
        }
      },

      add: async (incoming) => {
        await doing(async () => {
          const files = await incoming;
          // Without a device nobody knows what a model takes: it is started with the model.
          if (running.getState().device) {
            const survey = await lab().surveyModel(files, sampling.getState().sampling);
            if (survey.memory >= ASK_FROM && !(await ask(survey))) return;
            set({ opening: survey });
          }
          await running.getState().openModel({ kind: 'files', files });
          set({ opening: null, shown: false });
          if (isOpen(files)) await keep(files);
        });
        set({ opening: null });
      },

      open: async (kept) => {
        await doing(async () => {
          const files = await lab().keptFiles(kept.id);
          await running.getState().openModel({ kind: 'files', files, kept });
        });
        set({ shown: false });
      },

      rename: async (id, name) => {
        await doing(async () => {
          const renamed = await lab().renameModel(id, name);
          set({ list: get().list?.map((one) => (one.id === id ? renamed : one)) ?? null });
          const { source, setSource } = running.getState();
          if (source?.kind === 'files' && source.kept?.id === id) setSource({ ...source, kept: renamed });
        });
      },

      remove: async (id) => {
        await doing(async () => {
          await lab().deleteModel(id);
          set({ list: get().list?.filter((one) => one.id !== id) ?? null });
          const { source, setSource } = running.getState();
          if (source?.kind === 'files' && source.kept?.id === id) setSource({ ...source, kept: undefined });
        });
      },

      exportModel: (dtype) => doing(() => lab().exportModel(dtype)),
    };
  });
}

export const models = createModels(runningWorker, session, askToPersist);

export const useModels = <T>(select: (state: ModelsState) => T): T => useStore(models, select);
