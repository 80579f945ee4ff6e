import { expect, it } from 'vitest';
import { BadInput } from '../errors.ts';
import type { Config } from '../igpt/config.ts';
import { randomWeights } from '../igpt/testing.ts';
import { freshState } from '../igpt/trainer.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';

const config: Config = { n_layer: 1, n_embd: 8, n_head: 2, n_positions: 4, n_colours: 4, layer_norm_epsilon: 1e-5 };
const state = { ...freshState(randomWeights(config, 1)), step: 12 };

it('gives back what was written, with a loss scale only where there was one', () => {
  const scaling = { scale: 2 ** 17, good: 5, skipped: 3 };
  expect(readCheckpoint(config, writeCheckpoint(config, { ...state, scaling }))).toEqual({ ...state, scaling });
  expect(readCheckpoint(config, writeCheckpoint(config, state))).toEqual(state);
});

it('refuses a loss scale that cannot be', () => {
  for (const wrong of [
    { scale: 0 },
    { scale: Number.NaN },
    { scale: Number.POSITIVE_INFINITY },
    { skipped: 13 },
    { good: -1 },
  ]) {
    const bytes = writeCheckpoint(config, { ...state, scaling: { scale: 1, good: 0, skipped: 0, ...wrong } });
    expect(() => readCheckpoint(config, bytes)).toThrow(new BadInput("The checkpoint's loss scale cannot be."));
  }
});
