/**
 * Linear probes: what is to be probed, what is being probed, and what has come of it. A probe goes on whatever part of the page
 * is open; its results stay until another one takes their place.
 */
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  DatasetInfo,
  DatasetSheet,
  ProbeProgress,
  ProbeRequest,
  ProbeResult,
  ProbeSummary,
  RunHistory,
} from '../../workers/contract.ts';
import type { LabCalls } from '../lab.ts';
import { type Candidate, candidatesOf, chosenModels } from '../probe/candidates.ts';
import { mistakesOf } from '../probe/mistakes.ts';
import { type Baselines, type PlannedCurve, planOf } from '../probe/plan.ts';
import { type DatasetsState, datasets } from './datasets.ts';
import { report } from './notices.ts';
import { chosenDataset } from './palettes.ts';
import { runningWorker, type SessionState, session } from './session.ts';
import { type TrainingState, training } from './training.ts';

/** Mistakes that are shown. */
const MISTAKES = 12;

export interface Curve extends PlannedCurve {
  /** Of the held-back pictures at these weights, in nats per pixel; null where no run has judged them. */
  loss: number | null;
  /** In the order of the layers. */
  results: ProbeResult[];
  /** Null until the last layer has been probed. */
  summary: ProbeSummary | null;
}

export interface Experiment {
  dataset: DatasetInfo;
  curves: Curve[];
}

interface Setup {
  /** Keys of models; null until the person chooses: then it is the current one. */
  models: ReadonlySet<string> | null;
  labels: readonly (number | null)[];
  /** At most so many pictures; null until the person chooses: then it is what suits the device. */
  most: NonNullable<ProbeRequest['most']> | null;
  baselines: Baselines;
  seed: number;
}

export interface ProbingState extends Setup {
  experiment: Experiment | null;
  /** The curve that is being probed, by its place, and how far it is. */
  working: { curve: number; progress: ProbeProgress | null } | null;
  /** The curve and the layer that are looked at, by their places; null follows the first model, and the best layer. */
  looked: { curve: number; result: number | null } | null;
  /** Pictures that one result is most certainly wrong about, by their places among those judged. */
  mistakes: { of: ProbeResult; places: number[]; sheet: DatasetSheet } | null;
  change: (part: Partial<Setup>) => void;
  start: () => Promise<void>;
  /** The same with the first shard of the bundled CIFAR-10, which is added first. */
  startOnBundled: () => Promise<void>;
  cancel: () => Promise<void>;
  look: (curve: number, result: number | null) => void;
  seeMistakes: (curve: Curve, result: ProbeResult) => Promise<void>;
}

/** What suits a device: a GPU has time for pictures that a processor has not. */
export const mostFor = (chosen: Setup['most'], device: SessionState['device']): NonNullable<Setup['most']> =>
  chosen ??
  (device?.training.backend === 'webgpu' && !device.software
    ? { train: 10_000, test: 2000 }
    : { train: 1000, test: 500 });

/** The place of the most accurate one; of equal ones the first. */
export const bestOf = (results: readonly ProbeResult[]): number =>
  results.reduce((best, { accuracy }, place) => (accuracy > results[best].accuracy ? place : best), 0);

/** What is looked at. */
export function lookedAt({ experiment, looked }: Pick<ProbingState, 'experiment' | 'looked'>) {
  const curves = experiment?.curves ?? [];
  const place = looked?.curve ?? curves.findIndex(({ results }) => results.length > 0);
  const curve = curves[place];
  if (!curve || curve.results.length === 0) return undefined;
  const at = looked?.result ?? bestOf(curve.results);
  return { curve, place, result: curve.results[at], at };
}

export function createProbing(
  lab: () => LabCalls,
  running: Pick<StoreApi<SessionState>, 'getState'>,
  runs: Pick<StoreApi<TrainingState>, 'getState'>,
  data: Pick<StoreApi<DatasetsState>, 'getState'>,
): StoreApi<ProbingState> {
  /** The probe begun last: whatever an earlier one has to say is void. */
  let latest = 0;

  return createStore<ProbingState>()((set, get) => {
    const changeCurve = (place: number, change: (curve: Curve) => Partial<Curve>) => {
      const { experiment } = get();
      if (!experiment) return;
      const curves = experiment.curves.map((curve, i) => (i === place ? { ...curve, ...change(curve) } : curve));
      set({ experiment: { ...experiment, curves } });
    };

    const probeCurve = async (place: number, curve: Curve, dataset: string, isMine: () => boolean) => {
      const { seed } = get();
      const most = mostFor(get().most, running.getState().device);
      const { model, subject, labels } = curve;
      set({ working: { curve: place, progress: null } });
      if (subject === 'model') {
        const loss = await lossOf(lab(), model);
        if (isMine()) changeCurve(place, () => ({ loss }));
      }
      const { source, objective } = model;
      const what: Pick<ProbeRequest, 'subject' | 'layers' | 'concatenated'> =
        subject === 'stacked' ? { subject: 'model', layers: [], concatenated: 'all' } : { subject };
      const request: ProbeRequest = { dataset, model: source, ...what, objective, seed, most };
      const summary = await lab().probe(
        labels === null ? request : { ...request, labels },
        (progress) => isMine() && get().working?.curve === place && set({ working: { curve: place, progress } }),
        (result) => isMine() && changeCurve(place, ({ results }) => ({ results: [...results, result] })),
      );
      if (isMine()) changeCurve(place, () => ({ summary }));
    };

    return {
      models: null,
      labels: [null],
      most: null,
      baselines: { stacked: false, untrained: true, pixels: true },
      seed: 1,
      experiment: null,
      working: null,
      looked: null,
      mistakes: null,

      change: (part) => set(part),

      start: async () => {
        const dataset = chosenDataset(data.getState());
        const current = running.getState();
        const { models, labels, baselines } = get();
        const chosen = chosenModels(models, candidatesOf(current, runs.getState().list), current);
        if (!dataset || chosen.length === 0) return;
        const mine = ++latest;
        const isMine = () => latest === mine;
        const curves = planOf(chosen, labels, baselines).map(
          (planned): Curve => ({ ...planned, loss: null, results: [], summary: null }),
        );
        set({ experiment: { dataset, curves }, looked: null, mistakes: null });
        for (const [place, curve] of curves.entries()) {
          if (!isMine()) return;
          try {
            await probeCurve(place, curve, dataset.id, isMine);
          } catch (error) {
            if (!isMine()) return;
            report(error);
            // Nobody asked for the others any more, or the worker is gone.
            if (error instanceof Error && error.name === 'AbortError') break;
          }
        }
        if (isMine()) set({ working: null });
      },

      startOnBundled: async () => {
        await data.getState().addBundled('first');
        if (chosenDataset(data.getState())) await get().start();
      },

      cancel: async () => {
        latest++;
        set({ working: null });
        try {
          await lab().cancelProbe();
        } catch (error) {
          report(error);
        }
      },

      look: (curve, result) => set({ looked: { curve, result } }),

      seeMistakes: async ({ summary }, result) => {
        const { experiment, mistakes } = get();
        if (!experiment || !summary || mistakes?.of === result) return;
        const places = mistakesOf(result, summary.labels, MISTAKES);
        const numbers = Uint32Array.from(places, (place) => summary.tested[place]);
        try {
          const sheet = await lab().testedPictures(experiment.dataset.id, numbers);
          if (lookedAt(get())?.result === result) set({ mistakes: { of: result, places, sheet } });
        } catch (error) {
          report(error);
        }
      },
    };
  });
}

async function lossOf(lab: LabCalls, { run }: Candidate): Promise<number | null> {
  return run ? lossAt(await lab.runHistory(run.id), run.step) : null;
}

/** As it was judged last up to a step. */
const lossAt = ({ validations }: Pick<RunHistory, 'validations'>, step: number): number | null =>
  validations.findLast((judged) => judged.step <= step)?.loss ?? null;

export const probing = createProbing(runningWorker, session, training, datasets);

export const useProbing = <T>(select: (state: ProbingState) => T): T => useStore(probing, select);
