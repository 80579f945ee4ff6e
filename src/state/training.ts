/**
 * The runs in this browser, the one that is being trained, and those that are compared with it. A run whose worker crashed or
 * whose device was lost goes on by itself from what was saved, as soon as there is a worker again.
 */
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RunHistory, RunInfo, RunRequest, TrainingUpdate } from '../../workers/contract.ts';
import type { LabCalls } from '../lab.ts';
import { busily } from './busily.ts';
import { extended, NO_HISTORY } from './history.ts';
import { notices, report } from './notices.ts';
import { runningWorker, type SessionState, session } from './session.ts';

export interface OpenRun
  extends Pick<TrainingUpdate, 'info' | 'tokensPerSecond' | 'shareOfPeak' | 'bytes' | 'scaling'> {
  history: RunHistory;
}

export interface TrainingState {
  /** The newest first; null until they were listed. */
  list: RunInfo[] | null;
  /** The run that is shown: under way, or one that rests. */
  open: OpenRun | null;
  /** Something was asked for that is not done yet. */
  busy: boolean;
  /** Other runs in the same charts. */
  compared: ReadonlyMap<string, RunHistory>;
  refresh: () => Promise<void>;
  start: (request: RunRequest) => Promise<void>;
  resume: (id: string) => Promise<void>;
  pause: () => Promise<void>;
  step: () => Promise<void>;
  stop: () => Promise<void>;
  setRate: (rate: number) => Promise<void>;
  /** Shows a run that rests. */
  show: (id: string) => Promise<void>;
  compare: (id: string, on: boolean) => Promise<void>;
  rename: (id: string, name: string) => Promise<void>;
  duplicate: (id: string) => Promise<void>;
  remove: (id: string) => Promise<void>;
  exportRun: (id: string) => Promise<Blob | undefined>;
  exportModel: (id: string, dtype: 'F32' | 'F16') => Promise<Blob | undefined>;
  importRun: (file: File) => Promise<void>;
}

/** Under way or about to be: leaving the page would interrupt it. */
export const isUnderWay = ({ open }: Pick<TrainingState, 'open'>): boolean =>
  open?.info.phase === 'running' || open?.info.phase === 'preparing';

export function createTraining(
  lab: () => LabCalls,
  running: Pick<StoreApi<SessionState>, 'getState' | 'subscribe'>,
): StoreApi<TrainingState> {
  /** The run is being paused or stopped: it must not go on by itself if its worker ends meanwhile. */
  let askedToRest = false;

  const store = createStore<TrainingState>()((set, get) => {
    const doing = busily(set);
    /** How far the run that was heard of last has ever come. */
    let furthest = { id: '', step: 0 };

    /** Hears a run; one that is opened later has the place for itself. */
    const listener = () => {
      let mine: string | undefined;
      return (update: TrainingUpdate) => {
        const { info, from, news, tokensPerSecond, shareOfPeak, bytes, scaling } = update;
        const { open, list } = get();
        mine ??= info.id;
        // What is done a second time after a crash shows nothing yet.
        if (furthest.id !== info.id || info.step > furthest.step) {
          if (furthest.id === info.id) running.getState().gotFurther();
          furthest = { id: info.id, step: info.step };
        }
        if (open && open.info.id !== mine && isUnderWay({ open })) return;
        const before = open?.info.id === info.id ? open.history : NO_HISTORY;
        set({
          open: { info, history: extended(before, { from, news }), tokensPerSecond, shareOfPeak, bytes, scaling },
          list: list?.map((one) => (one.id === info.id ? info : one)) ?? null,
        });
      };
    };

    const go = (begin: (hear: (update: TrainingUpdate) => void) => Promise<RunInfo>) =>
      doing(async () => {
        const { worker } = running.getState();
        try {
          await begin(listener());
        } finally {
          // Where it could not begin, nothing is under way; where the worker has ended meanwhile, the next one may begin it.
          const { open } = get();
          if (open?.info.phase === 'preparing' && running.getState().worker === worker)
            set({ open: inPhase(open, 'resting') });
          await get().refresh();
        }
      });

    const rest = (work: () => Promise<void>) =>
      doing(async () => {
        askedToRest = true;
        try {
          await work();
        } finally {
          askedToRest = false;
        }
      });

    return {
      list: null,
      open: null,
      busy: false,
      compared: new Map(),

      refresh: async () => {
        try {
          const list = await lab().listRuns();
          const compared = new Map([...get().compared].filter(([id]) => list.some((run) => run.id === id)));
          const { open } = get();
          const listed = list.find(({ id }) => id === open?.info.id);
          // Another tab may have given a run that rests another name, or have taken it away.
          const still = open && listed && { ...open, info: isResting(open.info) ? listed : open.info };
          set({ list, compared, open: still ?? null });
        } catch (error) {
          report(error);
        }
      },

      start: async (request) => void (await go((hear) => lab().startRun(request, hear))),
      resume: async (id) => void (await go((hear) => lab().resumeRun(id, hear))),
      pause: async () => void (await rest(() => lab().pauseRun())),
      step: async () => void (await doing(() => lab().stepRun())),
      stop: async () =>
        void (await rest(async () => {
          await lab().stopRun();
          await get().refresh();
        })),
      setRate: async (rate) => void (await doing(() => lab().setRunRate(rate))),

      show: async (id) => {
        const info = get().list?.find((run) => run.id === id);
        if (!info || get().open?.info.id === id) return;
        await doing(async () => {
          const history = await lab().runHistory(id);
          set({ open: { info, history, tokensPerSecond: 0, shareOfPeak: 0, bytes: 0 } });
        });
      },

      compare: async (id, on) => {
        if (!on) return set({ compared: new Map([...get().compared].filter(([other]) => other !== id)) });
        await doing(async () => {
          const history = await lab().runHistory(id);
          set({ compared: new Map(get().compared).set(id, history) });
        });
      },

      rename: async (id, name) =>
        void (await doing(async () => {
          const info = await lab().renameRun(id, name);
          const { open } = get();
          set({ open: open?.info.id === id ? { ...open, info: { ...open.info, name: info.name } } : open });
          await get().refresh();
        })),
      duplicate: async (id) =>
        void (await doing(async () => {
          await lab().duplicateRun(id);
          await get().refresh();
        })),
      remove: async (id) =>
        void (await doing(async () => {
          await lab().deleteRun(id);
          await get().refresh();
        })),
      exportRun: (id) => doing(() => lab().exportRun(id)),
      exportModel: (id, dtype) => doing(() => lab().exportRunModel(id, 'last', dtype)),
      importRun: async (file) =>
        void (await doing(async () => {
          const { id } = await lab().importRun(file);
          await get().refresh();
          await get().show(id);
        })),
    };
  });

  running.subscribe((now, before) => {
    const { open } = store.getState();
    if (!open || isResting(open.info)) return;
    const isDown = now.phase === 'failed' && !now.device;
    if (now.worker !== before.worker || isDown) {
      const goesOn = isUnderWay({ open }) && !askedToRest && !isDown;
      store.setState({ open: inPhase(open, goesOn ? 'preparing' : 'resting') });
    }
    // The worker is there again, and its device with it.
    if (!now.device || before.device || store.getState().open?.info.phase !== 'preparing') return;
    notices.getState().notify('note', `The run "${open.info.name}" goes on from what was saved.`);
    void store.getState().resume(open.info.id);
  });
  return store;
}

const inPhase = (open: OpenRun, phase: RunInfo['phase']): OpenRun => ({ ...open, info: { ...open.info, phase } });

/** In no worker's memory. */
const isResting = ({ phase }: RunInfo): boolean => phase === 'resting' || phase === 'finished';

export const training = createTraining(runningWorker, session);

export const useTraining = <T>(select: (state: TrainingState) => T): T => useStore(training, select);
