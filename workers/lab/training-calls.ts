/** The calls for training, whose code is loaded with the first of them. */
import type { TrainingCalls } from '../contract.ts';
import { lazily } from './lazily.ts';
import type { Runs, RunsPlace } from './runs.ts';

/** What the lab itself wants of runs. */
export type LabRuns = TrainingCalls & Pick<Runs, 'openWeights'>;

export function trainingCalls(place: RunsPlace): LabRuns {
  const calls = lazily(
    'trains',
    () => import('./runs.ts'),
    ({ createRuns }) => createRuns(place),
  );
  return {
    trainingCost: async (...args) => (await calls()).trainingCost(...args),
    startRun: async (...args) => (await calls()).startRun(...args),
    resumeRun: async (...args) => (await calls()).resumeRun(...args),
    pauseRun: async () => (await calls()).pauseRun(),
    stepRun: async () => (await calls()).stepRun(),
    stopRun: async () => (await calls()).stopRun(),
    setRunRate: async (...args) => (await calls()).setRunRate(...args),
    listRuns: async () => (await calls()).listRuns(),
    runHistory: async (...args) => (await calls()).runHistory(...args),
    renameRun: async (...args) => (await calls()).renameRun(...args),
    duplicateRun: async (...args) => (await calls()).duplicateRun(...args),
    deleteRun: async (...args) => (await calls()).deleteRun(...args),
    exportRun: async (...args) => (await calls()).exportRun(...args),
    importRun: async (...args) => (await calls()).importRun(...args),
    exportRunModel: async (...args) => (await calls()).exportRunModel(...args),
    openWeights: async (...args) => (await calls()).openWeights(...args),
  };
}
