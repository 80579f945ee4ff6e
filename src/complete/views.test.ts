import { expect, test } from 'vitest';
import { UNKNOWN } from '../../workers/contract.ts';
import { HEAT_STEPS } from './heatColours.ts';
import { bareVariant } from './variant.ts';
import { gazeOf, heatOf } from './views.ts';

test('surprise runs from the first to the last colour and stays there beyond the scale', () => {
  const nll = Float32Array.of(0, 100 * Math.LN2, Number.NaN, 6 * Math.LN2);
  const heat = heatOf('surprise', { ...bareVariant(new Int16Array(4)), nll })!;
  expect([...heat.tokens]).toEqual([0, HEAT_STEPS - 1, UNKNOWN, 128]);
});

test('a picture that the model has told nothing about has no heat map', () => {
  expect(heatOf('surprise', bareVariant(new Int16Array(4)))).toBeNull();
  expect(heatOf('picture', bareVariant(new Int16Array(4)))).toBeNull();
});

test('a gaze falls on the pixels before, one place earlier than the inputs, and on the start symbol apart', () => {
  const tokens = new Int16Array(4);
  const weights = new Float32Array(16);
  weights.set([0.4, 0.2, 0.4, 0], 2 * 4);
  const { heat, start } = gazeOf({ tokens, layer: 0, head: 0, start: undefined, weights }, 2);
  expect([...heat]).toEqual([0.5, 1, 0, 0]);
  expect(start).toBeCloseTo(0.4, 6);
});
