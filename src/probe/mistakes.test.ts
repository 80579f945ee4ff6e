import { expect, it } from 'vitest';
import { mistakesOf } from './mistakes.ts';

const result = { predicted: Uint16Array.of(0, 1, 1, 2, 0), probability: Float32Array.of(0.9, 0.5, 0.99, 0.7, 0.6) };

it('are the wrong ones alone, the most certain first', () => {
  expect(mistakesOf(result, [1, 0, 1, 0, 0], 9)).toEqual([0, 3, 1]);
  expect(mistakesOf(result, [1, 0, 1, 0, 0], 2)).toEqual([0, 3]);
});

it('are none where all is right', () => {
  expect(mistakesOf(result, result.predicted, 9)).toEqual([]);
});
