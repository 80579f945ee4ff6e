import { expect, it } from 'vitest';
import { memoryLimit } from './pageMemory.ts';

const APPLE = 'Apple Computer, Inc.';

it.each([
  ['an iPhone, and an iPad that says it is a Mac', APPLE, 5, 1e9],
  ['a Mac', APPLE, 0, undefined],
  ['Chrome on a phone', 'Google Inc.', 5, undefined],
  ['Firefox on a laptop with a touch screen', '', 10, undefined],
  ['a browser that says nothing of itself', undefined, undefined, undefined],
])('%s', (_, vendor, maxTouchPoints, limit) => {
  expect(memoryLimit(0, { vendor, maxTouchPoints })).toBe(limit);
});

it('a limit that is set by hand holds on every device', () => {
  for (const vendor of [APPLE, 'Google Inc.']) expect(memoryLimit(24, { vendor, maxTouchPoints: 5 })).toBe(24e6);
});
