import { expect, test } from 'vitest';
import { UNKNOWN } from '../../../workers/contract.ts';
import { filmFrames } from './frames.ts';

test('pixels appear one by one in reading order until the picture is whole', () => {
  const frames = filmFrames(Int16Array.of(UNKNOWN, 5, UNKNOWN), Int16Array.of(1, 5, 2));
  expect(frames.map((frame) => [...frame])).toEqual([
    [UNKNOWN, 5, UNKNOWN],
    [1, 5, UNKNOWN],
    [1, 5, 2],
  ]);
});

test('large pictures do not make endless films', () => {
  const whole = new Int16Array(1024);
  const frames = filmFrames(new Int16Array(1024).fill(UNKNOWN), whole);
  expect(frames.length).toBe(129);
  expect(frames.at(-1)).toEqual(whole);
});
