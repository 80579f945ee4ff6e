import { expect, test } from 'vitest';
import { PRESETS } from '../train/presets.ts';
import type { DatasetsState } from './datasets.ts';
import { usualName } from './recipe.ts';

const DATA = { list: [{ id: 'a', name: 'Cats' }], chosen: 'a' } as Pick<DatasetsState, 'list' | 'chosen'>;

test('a run is named by its preset, or by its size where it has none, in the singular for one layer', () => {
  const name = (chosen: Parameters<typeof usualName>[0]['chosen']) => usualName({ chosen, from: null }, null, DATA);
  expect(name(PRESETS.xs)).toBe('xs on Cats');
  expect(name({ layers: 3, width: 96, heads: 4 })).toBe('3 layers, width 96, on Cats');
  expect(name({ layers: 1, width: 32, heads: 1 })).toBe('1 layer, width 32, on Cats');
  expect(usualName({ chosen: PRESETS.xs, from: null }, null, { list: [], chosen: null })).toBe('xs');
  expect(usualName({ chosen: null, from: { kind: 'current' } }, null, DATA)).toBe('fine-tuned on Cats');
});
