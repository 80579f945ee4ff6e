import { expect, it } from 'vitest';
import { PRESETS as MODELS } from '../../workers/igpt/config.ts';
import { PRESETS, presetOf } from './presets.ts';

it('has the sizes that the models have', () => {
  for (const [name, { n_layer, n_embd, n_head }] of Object.entries(MODELS)) {
    expect(PRESETS[name as keyof typeof MODELS]).toEqual({ layers: n_layer, width: n_embd, heads: n_head });
  }
});

it('knows a preset by its numbers', () => {
  expect(presetOf({ layers: 8, width: 128, heads: 4 })).toBe('tiny');
  expect(presetOf({ layers: 8, width: 128, heads: 8 })).toBeUndefined();
});
