import { expect, test } from 'vitest';
import type { EvaluationRun } from '../state/evaluation.ts';
import { publishedFor } from './published.ts';
import { outcomeOf } from './spoken.ts';
import { begunWith, words } from './words.ts';

test('progress says what is done and how long the rest takes, where that is worth telling', () => {
  expect(words(null)).toBe('Opening the model');
  const progress = { stage: 'samples' as const, done: 12.5, total: 1024 };
  expect(words({ ...progress, secondsLeft: 150 })).toBe('Drew 12 of 1,024 pictures, 2.5 min left');
  expect(words({ ...progress, secondsLeft: 1 })).toBe('Drew 12 of 1,024 pictures');
  expect(words({ ...progress, secondsLeft: null })).toBe('Drew 12 of 1,024 pictures');
});

test('what scored pictures began with is told, and where only some had a class, how many', () => {
  expect(begunWith(0, 40)).toBe('the start symbol');
  expect(begunWith(40, 40)).toBe('their class');
  expect(begunWith(1200, 4000)).toBe('their class, 1,200 of them');
});

test('published likelihoods stand beside models of their side and palette, and beside no others', () => {
  const size = { layers: 1, width: 8, heads: 1, side: 32 };
  const palette = new Uint8Array(3 * 512);
  expect(publishedFor({ size, palette })[0]).toMatchObject({ nats: 2.0378 });
  expect(publishedFor({ size: { ...size, side: 16 }, palette })).toEqual([]);
  expect(publishedFor({ size, palette: new Uint8Array(3 * 256) })).toEqual([]);
  expect(publishedFor({ size: null, palette: null })).toEqual([]);
});

test('the end is announced with every model’s numbers', () => {
  const found = {
    likelihood: { mean: 2.71364, standardError: 0.1, pictures: new Uint32Array(), nats: new Float64Array() },
    distance: { layer: 4, width: 128, pictures: 64, drawn: 2.4071, floor: 2.3532 },
  };
  const run = {
    dataset: { name: 'Pets' },
    models: [
      { model: { name: 'A' }, found, seconds: 1 },
      { model: { name: 'B' }, found: {}, seconds: 1 },
    ],
  } as unknown as EvaluationRun;
  expect(outcomeOf(run)).toBe(
    'Evaluated on Pets. A: 2.7136 nats per pixel, distance 2.41, of real pictures 2.35. B is done.',
  );
  const models = [{ ...run.models[0], seconds: null }];
  expect(outcomeOf({ ...run, models })).toBe('The evaluation has stopped: what was measured so far stays.');
});
