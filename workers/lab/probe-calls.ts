/** The calls for linear probes, whose code is loaded with the first of them. */
import type { ProbeCalls } from '../contract.ts';
import type { ProbesPlace } from './probe.ts';

export function probeCalls(place: ProbesPlace): ProbeCalls {
  let loading: Promise<ProbeCalls> | undefined;
  const calls = () => {
    loading ??= import('./probe.ts').then(({ createProbes }) => createProbes(place));
    return loading;
  };
  return {
    probe: async (...args) => (await calls()).probe(...args),
    cancelProbe: async () => (await calls()).cancelProbe(),
    testedPictures: async (...args) => (await calls()).testedPictures(...args),
  };
}
