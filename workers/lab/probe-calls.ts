/** The calls for linear probes, whose code is loaded with the first of them. */
import type { ProbeCalls } from '../contract.ts';
import { lazily } from './lazily.ts';
import type { ProbesPlace } from './probe.ts';

export function probeCalls(place: ProbesPlace): ProbeCalls {
  const calls = lazily(
    'probes',
    () => import('./probe.ts'),
    ({ createProbes }) => createProbes(place),
  );
  return {
    probe: async (...args) => (await calls()).probe(...args),
    cancelProbe: async () => (await calls()).cancelProbe(),
    testedPictures: async (...args) => (await calls()).testedPictures(...args),
  };
}
