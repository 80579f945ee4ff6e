/** Training runs: started, gone on with, listed, taken away and brought back. One trains at a time. */
import { unzipSync } from 'fflate';
import type { RunInfo, RunStart, TrainingCalls, TrainingUpdate, WhichWeights } from '../contract.ts';
import { BadInput } from '../errors.ts';
import { archiveOf } from '../formats/archive.ts';
import { readCheckpoint, readWeights, writeCheckpoint } from '../formats/checkpoint.ts';
import { type ModelFolder, writeModelFolder } from '../formats/huggingface.ts';
import { checkRecipe, checkSize, type RunHead } from '../formats/run-head.ts';
import { emptyHistory, historyUntil, readHistory, writeHistory } from '../formats/run-history.ts';
import { freshState } from '../igpt/trainer.ts';
import { DatasetStore } from '../storage/datasets.ts';
import type { PrivateFiles } from '../storage/files.ts';
import { MAX_NAME } from '../storage/names.ts';
import { RunStore, type StoredRun } from '../storage/runs.ts';
import type { Backend } from './backend.ts';
import { besideTrainer, type Holder } from './budget.ts';
import { Queue } from './queue.ts';
import { costOf, makeSure, rememberSpeed } from './train/estimate.ts';
import { configOfRun, infoOf } from './train/run-info.ts';
import { firstWeights, headOf } from './train/start.ts';
import { Training } from './train/training.ts';

/** Chromium ends a worker that hangs two seconds after it was told to. */
const HOLD_TRIES = 30;
const HOLD_AGAIN_MS = 100;
const LOSS_TOLD_MS = 1000;
/** Of the time of a run's steps, for probing its layers. */
const PROBE_SHARE = 0.1;
/** An archive's files together: more is no run of this page. */
const MOST_BYTES = 2 ** 31;

export interface RunsPlace {
  files?: () => PrivateFiles;
  queue: Queue;
  backend: () => Backend;
  /** The model that is open, where models can be. @throws BadInput if there is none */
  current?: () => ModelFolder;
  /** Of the time that steps take, how much more probing layers may take; a tenth unless said otherwise. */
  probeShare?: number;
}

export interface Runs extends TrainingCalls {
  /** A run's weights as a model folder, and its name. */
  openWeights(id: string, which: WhichWeights): Promise<{ folder: ModelFolder; name: string }>;
}

export function createRuns({ files, queue, backend, current: model, probeShare = PROBE_SHARE }: RunsPlace): Runs {
  if (!files) throw new Error('no place for runs');
  const privateFiles = files();
  const store = new RunStore(privateFiles);
  const datasets = new DatasetStore(privateFiles);
  /** What is asked of runs is done in the order in which it was asked: a pause waits for the start before it. */
  const orders = new Queue();
  /** The run in memory, what it counts for there, and what lets go of it for other tabs. */
  let open: { id: string; training: Training; held: Holder; letGo: () => void } | undefined;

  const current = (): Training => {
    if (!open) throw new BadInput('No run is open: start one, or go on with one.');
    return open.training;
  };

  const info = ({ id, head, bytes }: StoredRun): RunInfo =>
    open?.id === id ? open.training.info : infoOf(id, head, bytes);

  /** Lets go of the run in memory, saved. */
  const close = async () => {
    const closing = open;
    if (!closing) return;
    await closing.training.close();
    closing.held.release();
    closing.letGo();
    open = undefined;
  };

  /** Holds the run for this tab until it is let go; undefined if another one has it. */
  const tryToHold = (id: string): Promise<(() => void) | undefined> =>
    new Promise((resolve, reject) => {
      const job = () => new Promise<true>((letGo) => resolve(() => letGo(true)));
      store.exclusively(id, job).then((held) => held || resolve(undefined), reject);
    });

  /** A worker that has just been ended may hold it for a moment still. @throws BadInput if another tab has it */
  const hold = async (id: string): Promise<() => void> => {
    for (let tries = 0; tries < HOLD_TRIES; tries++) {
      const letGo = await tryToHold(id);
      if (letGo) return letGo;
      await new Promise((resolve) => setTimeout(resolve, HOLD_AGAIN_MS));
    }
    throw new BadInput('This run is being trained in another tab.');
  };

  /** A lost device is told by others, a moment later, and the run goes on elsewhere; anything else is told here. */
  const failed = async (id: string, error: unknown) => {
    console.error(error);
    await new Promise((resolve) => setTimeout(resolve, LOSS_TOLD_MS));
    try {
      backend();
    } catch {
      return;
    }
    if (open?.id === id) open.training.tellFailure(error instanceof Error ? error.message : String(error));
  };

  /** Makes room for a run. @throws BadInput if there is too little */
  const makeRoom = async (head: RunHead) => {
    await close();
    const { head: pictures } = await datasets.open(head.dataset.id);
    const left = await backend().budget.left();
    await queue.run(() => makeSure(backend(), configOfRun(head), head.recipe, pictures, left));
  };

  /** Once there is room for it. */
  const openRun = async (id: string, onUpdate: (update: TrainingUpdate) => void): Promise<Training> => {
    const letGo = await hold(id);
    let training: Training | undefined;
    let beside = 0;
    const { budget } = backend();
    const left = await budget.left();
    // Until it is there, all that it may take.
    const held = await queue.run(() => budget.hold(() => (training ? beside + training.memory : left)));
    try {
      const { head } = await store.open(id);
      const dataset = await datasets.open(head.dataset.id);
      beside = besideTrainer(configOfRun(head), dataset.head, head.recipe.leastArea < 1);
      const peak = await queue.run(() => backend().training.peak());
      training = await Training.open(id, {
        backend: backend(),
        queue,
        store,
        dataset,
        peak,
        probeShare,
        left: async () => (await budget.left(held)) - beside,
        onUpdate: (update) => {
          const { phase, size, recipe } = update.info;
          if (phase === 'paused' || phase === 'finished') {
            void rememberSpeed(backend(), size, recipe, update.tokensPerSecond);
          }
          onUpdate(update);
        },
        onEnd: (error) => {
          if (error === undefined) void orders.run(close);
          else void failed(id, error);
        },
      });
      open = { id, training, held, letGo };
      return training;
    } catch (error) {
      held.release();
      letGo();
      // A size that no kernel serves, or memory that there is not.
      throw error instanceof RangeError ? new BadInput(error.message) : error;
    }
  };

  const go = (training: Training): RunInfo => {
    training.tellAll();
    training.go();
    return training.info;
  };

  const weightsOf = async (id: string, which: WhichWeights): Promise<{ folder: ModelFolder; head: RunHead }> => {
    const { head } = await store.open(id);
    const palette = Float32Array.from(head.palette);
    const config = configOfRun(head);
    const live = which === 'last' && open?.id === id;
    const weights = live ? await open!.training.weights() : readWeights(config, await store.weights(id, which));
    const named = (names: string[]) => (names.length > 0 ? names : undefined);
    const [classes, starts] = [named(head.classes), named(head.starts)];
    return { head, folder: { config, palette, weights, classes, starts } };
  };

  const given = async (from: RunStart): Promise<ModelFolder> => {
    if (from.kind === 'run') return (await weightsOf(from.run, from.which)).folder;
    if (!model) throw new Error('no place for models');
    return model();
  };

  return {
    trainingCost: (size, colours, recipe, pictures) =>
      queue.run(async () => {
        // The run in memory makes way for another.
        const left = await backend().budget.left(open?.held);
        return costOf(backend(), checkSize(size), colours, checkRecipe(recipe), pictures, left);
      }),

    startRun: (request, onUpdate) =>
      orders.run(async () => {
        const from = request.from && (await given(request.from));
        const head = await headOf(request, from, datasets);
        await makeRoom(head);
        const last = writeCheckpoint(configOfRun(head), freshState(firstWeights(head, from)));
        const id = await store.create({ head, history: writeHistory(emptyHistory()), last });
        return go(await openRun(id, onUpdate));
      }),

    resumeRun: (id, onUpdate) =>
      orders.run(async () => {
        if (open?.id === id) return go(open.training);
        await makeRoom((await store.open(id)).head);
        return go(await openRun(id, onUpdate));
      }),

    pauseRun: () => orders.run(async () => open?.training.pause()),
    stepRun: () =>
      orders.run(async () => {
        current().go(1);
        await current().settled();
      }),
    stopRun: () => orders.run(close),
    setRunRate: (rate) =>
      orders.run(async () => {
        if (!(rate > 0 && rate <= 1)) throw new BadInput('A learning rate is greater than 0 and at most 1.');
        current().setRate(rate);
      }),

    listRuns: async () => (await store.list()).map(info),

    runHistory: async (id) => {
      if (open?.id === id) return open.training.history;
      const { head } = await store.open(id);
      const { step } = readCheckpoint(configOfRun(head), await store.weights(id, 'last'));
      return historyUntil(readHistory(await store.history(id)), step);
    },

    renameRun: (id, name) =>
      orders.run(async () => {
        if (open?.id === id) {
          const renamed = await store.rename(id, name);
          open.training.rename(renamed.head.name);
          return info(renamed);
        }
        // A tab that trains it would write the former name back.
        const letGo = await hold(id);
        return info(await store.rename(id, name).finally(letGo));
      }),

    duplicateRun: (id) =>
      orders.run(async () => {
        if (open?.id === id) await open.training.pause();
        const { head } = await store.open(id);
        const name = `${head.name.slice(0, MAX_NAME - 5)} copy`;
        return info(await store.open(await store.duplicate(id, name)));
      }),

    deleteRun: (id) =>
      orders.run(async () => {
        if (open?.id === id) await close();
        const letGo = await hold(id);
        await store.remove(id).finally(letGo);
      }),

    exportRun: async (id) => archiveOf(await store.archive(id)),

    importRun: async (file) => info(await store.open(await store.restore(await unzipped(file)))),

    exportRunModel: async (id, which, dtype) => {
      const { folder } = await weightsOf(id, which);
      return archiveOf(writeModelFolder(folder, dtype));
    },

    openWeights: async (id, which) => {
      const { folder, head } = await weightsOf(id, which);
      return { folder, name: head.name };
    },
  };
}

/** @throws BadInput if it is no archive, or one of too much */
async function unzipped(file: Blob): Promise<Map<string, Uint8Array>> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let total = 0;
  const filter = ({ originalSize }: { originalSize: number }) => {
    total += originalSize;
    if (total > MOST_BYTES) throw new BadInput('This archive unpacks to more than a run can have.');
    return true;
  };
  try {
    return new Map(Object.entries(unzipSync(bytes, { filter })));
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw new BadInput('This is no archive of a run: it could not be unpacked.');
  }
}
