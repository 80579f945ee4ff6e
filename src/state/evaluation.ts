/**
 * What models are worth: what is to be measured of those that are chosen, what is being measured, and what has come of it. The
 * models are those that are chosen to be probed. An evaluation goes on whatever part of the page is open; what it found stays until
 * another one takes its place.
 */
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  DatasetInfo,
  Evaluation,
  EvaluationProgress,
  EvaluationRequest,
  Measures,
  RulerRequest,
} from '../../workers/contract.ts';
import { SHIPPED_MODELS } from '../complete/models.ts';
import type { LabCalls } from '../lab.ts';
import { type Candidate, candidatesOf, chosenModels, keyOf } from '../probe/candidates.ts';
import { type DatasetsState, datasets } from './datasets.ts';
import { report } from './notices.ts';
import { chosenDataset } from './palettes.ts';
import { type ProbingState, probing } from './probing.ts';
import { runningWorker, type SessionState, session } from './session.ts';
import { type TrainingState, training } from './training.ts';

export type Part = 'likelihood' | 'samples' | 'distance' | 'nearest';

interface Setup {
  parts: Record<Part, boolean>;
  /** Held-back pictures, or those that were learnt from. */
  scored: Measures['scored']['part'];
  drawn: number;
  sampling: Measures['sampling'];
  /** Numbers of pictures to score, and of training pictures to compare by features; null until the person chooses. */
  count: number | null;
  searched: number | null;
  /** Whose features distances are in, by its key, and of which layer; null is the middle one. */
  ruler: string;
  layer: number | null;
  seed: number;
}

/** What was found of one model. */
export interface Judged {
  model: Candidate;
  found: Partial<Evaluation>;
  /** That it took; null until it is done. */
  seconds: number | null;
}

/** With the settings that it was begun with. */
export interface EvaluationRun {
  dataset: DatasetInfo;
  measures: Measures;
  /** Whose features. */
  ruler: string;
  models: Judged[];
}

export interface EvaluationState extends Setup {
  /** Whether this is what the workspace shows, or the probes of layers. */
  isOpen: boolean;
  run: EvaluationRun | null;
  /** The model that is being evaluated, by its place, and how far it is. */
  working: { place: number; progress: EvaluationProgress | null } | null;
  /** The place of the model that is looked at; null follows the first. */
  looked: number | null;
  open: (isOpen: boolean) => void;
  change: (part: Partial<Setup>) => void;
  start: () => Promise<void>;
  /** The same with the first shard of the bundled CIFAR-10, which is added first. */
  startOnBundled: () => Promise<void>;
  cancel: () => Promise<void>;
  look: (place: number) => void;
}

/** What suits a device: a GPU has time for pictures that a processor has not. */
export function countsFor(
  { count, searched }: Pick<Setup, 'count' | 'searched'>,
  device: SessionState['device'],
): { count: number; searched: number } {
  const quick = device?.training.backend === 'webgpu' && !device.software;
  return { count: count ?? (quick ? 10_000 : 500), searched: searched ?? (quick ? 10_000 : 500) };
}

/** The model that is looked at. */
export const judgedAt = ({ run, looked }: Pick<EvaluationState, 'run' | 'looked'>): Judged | undefined =>
  run?.models[looked ?? 0];

export function createEvaluation(
  lab: () => LabCalls,
  running: Pick<StoreApi<SessionState>, 'getState'>,
  runs: Pick<StoreApi<TrainingState>, 'getState'>,
  data: Pick<StoreApi<DatasetsState>, 'getState'>,
  probes: Pick<StoreApi<ProbingState>, 'getState'>,
): StoreApi<EvaluationState> {
  /** The evaluation begun last: whatever an earlier one has to say is void. */
  let latest = 0;

  return createStore<EvaluationState>()((set, get) => {
    const changeModel = (place: number, change: (judged: Judged) => Partial<Judged>) => {
      const { run } = get();
      if (!run) return;
      set({ run: { ...run, models: run.models.map((one, i) => (i === place ? { ...one, ...change(one) } : one)) } });
    };

    const judge = async (place: number, request: EvaluationRequest, isMine: () => boolean) => {
      set({ working: { place, progress: null } });
      const { seconds } = await lab().evaluate(
        request,
        (progress) => isMine() && get().working?.place === place && set({ working: { place, progress } }),
        (part) => isMine() && changeModel(place, ({ found }) => ({ found: { ...found, ...part } })),
      );
      if (isMine()) changeModel(place, () => ({ seconds }));
    };

    return {
      parts: { likelihood: true, samples: true, distance: true, nearest: true },
      scored: 'test',
      drawn: 64,
      sampling: { temperature: 1, topK: 0, topP: 1 },
      count: null,
      searched: null,
      ruler: keyOf({ kind: 'shipped', id: SHIPPED_MODELS[0].id }),
      layer: null,
      seed: 1,
      isOpen: false,
      run: null,
      working: null,
      looked: null,

      open: (isOpen) => set({ isOpen }),
      change: (part) => set(part),

      start: async () => {
        const dataset = chosenDataset(data.getState());
        const current = running.getState();
        const all = candidatesOf(current, runs.getState().list);
        const models = chosenModels(probes.getState().models, all, current);
        // A run that is gone measures nothing any more.
        const ruler = all.find(({ key }) => key === get().ruler) ?? all[0];
        if (!dataset || models.length === 0 || !ruler) return;
        const mine = ++latest;
        const isMine = () => latest === mine;
        const measures = measuresOf(get(), current.device);
        const judged = models.map((model): Judged => ({ model, found: {}, seconds: null }));
        set({ run: { dataset, measures, ruler: ruler.name, models: judged }, looked: null });
        for (const [place, { source, objective }] of models.entries()) {
          if (!isMine()) return;
          const request: EvaluationRequest = {
            ...measures,
            dataset: dataset.id,
            model: source,
            objective,
            ruler: rulerRequest(ruler, get().layer),
          };
          try {
            await judge(place, request, isMine);
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
          await lab().cancelEvaluation();
        } catch (error) {
          report(error);
        }
      },

      look: (place) => set({ looked: place }),
    };
  });
}

function measuresOf(setup: Setup, device: SessionState['device']): Measures {
  const { parts, scored, drawn, sampling, seed } = setup;
  const { count, searched } = countsFor(setup, device);
  return {
    scored: { part: scored, count: parts.likelihood ? count : 0 },
    // What is measured of samples needs them, shown or not.
    drawn: parts.samples || parts.distance || parts.nearest ? drawn : 0,
    sampling,
    distance: parts.distance,
    nearest: parts.nearest,
    searched,
    byClass: true,
    seed,
  };
}

const rulerRequest = ({ source, objective }: Candidate, layer: number | null): RulerRequest =>
  layer === null ? { model: source, objective } : { model: source, objective, layer };

export const evaluation = createEvaluation(runningWorker, session, training, datasets, probing);

export const useEvaluation = <T>(select: (state: EvaluationState) => T): T => useStore(evaluation, select);
