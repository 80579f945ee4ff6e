import { expect, it } from 'vitest';
import { BadInput } from '../errors.ts';
import type { Config } from '../igpt/config.ts';
import { randomWeights } from '../igpt/testing.ts';
import { freshState } from '../igpt/trainer.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { parseSafetensors } from './safetensors.ts';

const config: Config = { n_layer: 1, n_embd: 8, n_head: 2, n_positions: 4, n_colours: 4, layer_norm_epsilon: 1e-5 };
const state = { ...freshState(randomWeights(config, 1)), step: 12 };

it('gives back what was written, with a loss scale only where there was one', () => {
  const scaling = { scale: 2 ** 17, good: 5, skipped: 3 };
  expect(readCheckpoint(config, writeCheckpoint(config, { ...state, scaling }))).toEqual({ ...state, scaling });
  expect(readCheckpoint(config, writeCheckpoint(config, state))).toEqual(state);
});

it('has the vectors of classes, and what AdamW remembers of them, as tensors of their own, and gives them back', () => {
  const begun = { ...config, n_starts: 3 };
  const fresh = freshState(randomWeights(begun, 1));
  const moved = { ...fresh, step: 3, mean: randomWeights(begun, 2), square: randomWeights(begun, 3) };
  const bytes = writeCheckpoint(begun, moved);
  const tensors = parseSafetensors(bytes);
  for (const prefix of ['', 'mean.', 'square.']) {
    expect(tensors.get(`${prefix}transformer.wte.weight`)?.shape).toEqual([5, 8]);
    expect(tensors.get(`${prefix}transformer.wce.weight`)?.shape).toEqual([3, 8]);
  }
  expect(readCheckpoint(begun, bytes)).toEqual(moved);
  expect(() => readCheckpoint(begun, writeCheckpoint(config, state))).toThrow(
    new BadInput('The checkpoint lacks the tensor "transformer.wce.weight".'),
  );
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
