/** How the next completion is to be sampled. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { MAX_VARIANTS, type Sampling } from '../../workers/contract.ts';
import { SHARED_DEFAULTS } from './url.ts';

/** Limits of every number, as the controls offer them. */
export const SAMPLING_RANGES = {
  temperature: { min: 0, max: 2, step: 0.05 },
  topK: { min: 0, max: 512, step: 1 },
  topP: { min: 0.05, max: 1, step: 0.05 },
  seed: { min: 0, max: 2 ** 32 - 1, step: 1 },
  variants: { min: 1, max: MAX_VARIANTS, step: 1 },
} as const satisfies Partial<Record<keyof Sampling, { min: number; max: number; step: number }>>;

const RANGED = Object.keys(SAMPLING_RANGES) as (keyof typeof SAMPLING_RANGES)[];
const { temperature, topK, topP, seed, variants, lookAhead } = SHARED_DEFAULTS;
const FIRST: Sampling = { temperature, topK, topP, seed, variants, lookAhead };

function withinRanges(wanted: Sampling): Sampling {
  const inside = { ...wanted };
  for (const name of RANGED) {
    const { min, max } = SAMPLING_RANGES[name];
    inside[name] = Math.min(max, Math.max(min, wanted[name]));
  }
  return inside;
}

interface SamplingState {
  sampling: Omit<Sampling, 'starts'>;
  /** The class to begin with, for models that know it: a name, or a choice of complete/starts.ts. */
  chosenClass: string;
  chooseClass: (name: string) => void;
  /** Numbers outside their range are moved into it. */
  change: (part: Partial<Sampling>) => void;
}

export const sampling = createStore<SamplingState>()((set, get) => ({
  sampling: FIRST,
  chosenClass: SHARED_DEFAULTS.class,
  chooseClass: (chosenClass) => set({ chosenClass }),
  change: (part) => set({ sampling: withinRanges({ ...get().sampling, ...part }) }),
}));

export const useSampling = <T>(select: (state: SamplingState) => T): T => useStore(sampling, select);
