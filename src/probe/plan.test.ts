import { expect, it } from 'vitest';
import type { Candidate } from './candidates.ts';
import { planOf } from './plan.ts';

const SIZE = { layers: 2, width: 32, heads: 1, side: 8 };
const model = (key: string, more: Partial<Candidate> = {}): Candidate => ({
  key,
  name: key,
  source: { kind: 'run', run: key, which: 'last' },
  objective: 'autoregressive',
  size: SIZE,
  palette: Uint8Array.of(1, 2, 3),
  run: null,
  ...more,
});
const both = { stacked: false, untrained: true, pixels: true };
const told = (models: Candidate[], labels: (number | null)[] = [null], baselines = both) =>
  planOf(models, labels, baselines).map(({ name, labels: count }) => `${name} (${count})`);

it('probes models first, and once what weights of the same size and palette are compared with', () => {
  expect(told([model('a'), model('b')])).toEqual([
    'a (null)',
    'b (null)',
    'Untrained, 2 layers, width 32 (null)',
    'Raw pixels, 8 × 8 (null)',
  ]);
});

it('compares with an untrained model for each size and with pixels for each side and palette', () => {
  const models = [
    model('a'),
    model('b', { size: { ...SIZE, width: 64 } }),
    model('c', { palette: Uint8Array.of(9, 9, 9) }),
  ];
  expect(told(models).slice(3)).toEqual([
    'Untrained, 2 layers, width 32 (null)',
    'Untrained, 2 layers, width 64 (null)',
    'Raw pixels, 8 × 8 (null)',
    'Raw pixels, 8 × 8 (null)',
  ]);
});

it('puts the layers of every model together where that is wanted', () => {
  const stacked = { stacked: true, untrained: false, pixels: false };
  expect(told([model('a'), model('b')], [null], stacked).slice(2)).toEqual([
    'a, all layers together (null)',
    'b, all layers together (null)',
  ]);
});

it('goes from all labels to few, whatever the order they were chosen in', () => {
  const alone = { stacked: false, untrained: false, pixels: false };
  expect(told([model('a')], [40, null, 250], alone)).toEqual(['a (null)', 'a (250)', 'a (40)']);
});

it('takes a model whose size is not known yet for one of its own', () => {
  const unknown = model('b', { size: null, palette: null });
  expect(told([model('a'), unknown]).slice(2)).toEqual([
    'Untrained, 2 layers, width 32 (null)',
    'Untrained, as b (null)',
    'Raw pixels, 8 × 8 (null)',
    'Raw pixels, as for b (null)',
  ]);
});
