import { expect, test } from 'vitest';
import type { ProbeResult } from '../../workers/contract.ts';
import type { Curve, Experiment } from '../state/probing.ts';
import { outcomeOf } from './spoken.ts';

const result = (layers: number[], accuracy: number) => ({ layers, accuracy }) as ProbeResult;
const curve = (name: string, results: ProbeResult[], done = true) =>
  ({ name, results, summary: done ? {} : null }) as Curve;
const experiment = (...curves: Curve[]) => ({ dataset: { name: 'Cats' }, curves }) as Experiment;

test('the end of a probe names the best layer of each model', () => {
  const model = curve('A', [result([0], 0.2), result([1], 0.526), result([2], 0.5)]);
  expect(outcomeOf(experiment(model, curve('Raw pixels', [result([], 0.373)])))).toBe(
    'Probed on Cats. A: best layer 1, 52.6 %. Raw pixels: 37.3 %.',
  );
  expect(outcomeOf(experiment(model, curve('B', [], false)))).toBe(
    'The probe has stopped: what was measured so far stays.',
  );
});
