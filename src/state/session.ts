/**
 * What the page runs on: the backend, the model and how far it has come. Owns the connection to the worker and
 * replaces it after a crash. A worker that does not come up, or workers that die one after the other without getting
 * anywhere, stay down until the person acts.
 */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { BackendName, DeviceReport, LoadProgress, ModelInfo, ModelSource } from '../../workers/contract.ts';
import { OWN_MODEL, SMALL_MODEL, shippedModel } from '../complete/models.ts';
import { type ConnectLab, connectLab, type LabCalls, type LabConnection } from '../lab.ts';
import { notices, report } from './notices.ts';

export type BackendWish = BackendName | 'auto';

export interface SessionState {
  phase: 'starting' | 'loading' | 'ready' | 'failed';
  wish: BackendWish;
  /** Bytes that the page may hold; no limit where it is undefined. */
  memory: number | undefined;
  device: DeviceReport | null;
  /** The current model; while another one loads, still the one before. */
  model: ModelInfo | null;
  /** Where the current model comes from. */
  source: ModelSource | null;
  /** The shipped model that is shown as chosen while none has loaded. */
  first: string;
  /** Bytes of the model that is being loaded. */
  progress: LoadProgress;
  /** The calls of the worker that runs, for what needs no model; null while none runs. */
  worker: LabCalls | null;
  /** Starts the worker with the chosen backend and model; also the way back after a failure. */
  start: () => Promise<void>;
  chooseBackend: (wish: BackendWish) => Promise<void>;
  openModel: (source: ModelSource) => Promise<void>;
  /** From now on the current model comes from there, under the name that it has there. */
  setSource: (source: Extract<ModelSource, { kind: 'files' }>) => void;
  /** Work is done that was not done before: a crash after this begins a new row. */
  gotFurther: () => void;
  /** Replaces a worker that makes no progress, as after a crash. @param reason one sentence for the person */
  replaceWorker: (reason: string) => void;
  /** The running lab; rejects with a plain sentence while there is none. */
  lab: () => LabCalls;
}

/** So many crashes in a row are not made good by another start. */
const MOST_CRASHES = 4;
/** A worker that lives so long ends the row. */
const LONG_MS = 60_000;
/** What opens where nothing else is wanted, or can be had. */
const USUAL: ModelSource = { kind: 'shipped', id: SMALL_MODEL };
const NONE: LoadProgress = { loaded: 0, total: 0 };

export function createSession(connect: ConnectLab) {
  let connection: LabConnection | null = null;
  let wanted = USUAL;
  let crashes = 0;
  let readySince = 0;
  let lastLoad = 0;

  return createStore<SessionState>()((set, get) => {
    const crashed = (message: string) => {
      if (get().phase === 'ready' && performance.now() - readySince > LONG_MS) crashes = 0;
      replace(message);
    };

    const replace = (message: string) => {
      const { device, phase } = get();
      crashes += 1;
      const again = device !== null && phase !== 'failed' && crashes < MOST_CRASHES;
      connection = null;
      set({ phase: again ? 'starting' : 'failed', device: null, worker: null });
      const { notify } = notices.getState();
      if (again) {
        notify('error', `${message} The model is being started again.`);
        void get().start();
      } else notify('error', device ? `${message} This has happened ${crashes} times in a row.` : message, { way });
    };

    const way = {
      label: 'Try again',
      go: () => {
        crashes = 0;
        void get().start();
      },
    };

    /**
     * Opens a model over the given connection; an outdated connection changes nothing any more. Models open in the order
     * asked for, and only the last of them makes the session ready: what was asked of one before would meet the next.
     */
    const load = async (through: LabConnection, source: ModelSource) => {
      const mine = ++lastLoad;
      const current = () => connection === through;
      const overtaken = () => mine !== lastLoad;
      set({ phase: 'loading', progress: NONE });
      try {
        const model = await through.lab.openModel(source, (progress) => current() && !overtaken() && set({ progress }));
        if (!current()) return;
        wanted = source;
        readySince = performance.now();
        set(overtaken() ? { model, source } : { phase: 'ready', model, source });
      } catch (error) {
        if (!current() || !overtaken()) throw error;
        report(error);
      }
    };

    const loadWanted = async (through: LabConnection) => {
      try {
        await load(through, wanted);
      } catch (error) {
        // Files of the visitor's own, or a run, may be gone since.
        if (connection !== through || wanted.kind === 'shipped') throw error;
        report(error);
        await load(through, USUAL);
      }
    };

    return {
      phase: 'starting',
      wish: 'auto',
      memory: undefined,
      device: null,
      model: null,
      source: null,
      first: SMALL_MODEL,
      progress: NONE,
      worker: null,

      start: async () => {
        connection?.close();
        connection = null;
        let fresh: LabConnection | null = null;
        try {
          fresh = connect(crashed);
          connection = fresh;
          set({ phase: 'starting', device: null, progress: NONE, worker: fresh.lab });
          const device = await fresh.lab.start(get().wish, get().memory);
          if (connection !== fresh) return;
          set({ device });
          await loadWanted(fresh);
        } catch (error) {
          if (connection !== fresh) return;
          set({ phase: 'failed' });
          report(error, way);
        }
      },

      chooseBackend: async (wish) => {
        set({ wish });
        await get().start();
      },

      openModel: async (source) => {
        const through = connection;
        if (!through || !get().device) {
          wanted = source;
          if (source.kind === 'shipped') set({ first: source.id });
          return get().start();
        }
        try {
          await load(through, source);
        } catch (error) {
          if (connection !== through) return;
          const { model } = get();
          set({ phase: model ? 'ready' : 'failed' });
          report(error, model ? undefined : way);
        }
      },

      setSource: (source) => {
        const { model } = get();
        wanted = source;
        set({ source, model: model && { ...model, name: source.kept?.name ?? model.name } });
      },

      gotFurther: () => {
        crashes = 0;
      },

      // It counts as a crash even after a long life, most of which may have been a stall.
      replaceWorker: (reason) => {
        connection?.close();
        replace(reason);
      },

      lab: () => {
        if (!connection || get().phase !== 'ready')
          throw new Error('The model is not ready yet. Wait until it has loaded.');
        return connection.lab;
      },
    };
  });
}

export const session = createSession(connectLab);

/** Resolves as soon as a model is ready, however many attempts that takes. */
export function whenReady(): Promise<void> {
  return new Promise((resolve) => {
    if (session.getState().phase === 'ready') return resolve();
    const stop = session.subscribe(({ phase }) => {
      if (phase !== 'ready') return;
      stop();
      resolve();
    });
  });
}

/** For what needs no model. @throws a plain sentence while no worker runs */
export function runningWorker(): LabCalls {
  const { worker } = session.getState();
  if (!worker)
    throw new Error('The worker that keeps the data has stopped. Open the device badge above to start it again.');
  return worker;
}

export const modelName = (model: ModelInfo): string =>
  shippedModel(model.id)?.name ??
  (model.id === OWN_MODEL ? `${model.name}, ${model.side} × ${model.side}` : model.name);

/** Of the model that is shown as chosen: the current one, or the first while none has loaded. */
export const chosenName = ({ model, first }: SessionState): string =>
  model ? modelName(model) : (shippedModel(first)?.name ?? '');

export const useSession = <T>(select: (state: SessionState) => T): T => useStore(session, select);
