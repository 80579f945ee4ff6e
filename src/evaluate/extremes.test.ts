import { expect, test } from 'vitest';
import { csvOf, extremesOf } from './extremes.ts';

test('the best and the worst are told from the outside in, and of a few pictures none is both', () => {
  const nats = Float64Array.of(3, 1, 5, 2, 4);
  expect(extremesOf(nats, 2)).toEqual({ best: [1, 3], worst: [2, 4] });
  expect(extremesOf(nats, 9)).toEqual({ best: [1, 3], worst: [2, 4] });
  expect(extremesOf(Float64Array.of(3), 2)).toEqual({ best: [0], worst: [] });
});

test('the table has a row a picture, with its number in the data set', () => {
  const likelihood = {
    mean: 1,
    standardError: null,
    pictures: Uint32Array.of(7, 3),
    nats: Float64Array.of(Math.LN2, 0),
  };
  expect(csvOf(likelihood)).toBe(`Picture,Nats per pixel,Bits per pixel\n7,${Math.LN2},1\n3,0,0\n`);
});
