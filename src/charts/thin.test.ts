import { expect, it } from 'vitest';
import { smooth, thin } from './thin.ts';

const n = 10_000;
const x = Float64Array.from({ length: n }, (_, i) => i);

it('keeps short lines as they are', () => {
  expect(thin({ x: [1, 2, 3], y: [4, 5, 6] }, 10)).toEqual({ x: [1, 2, 3], y: [4, 5, 6] });
});

it('loses no peak of a long line, and no order', () => {
  const y = Float64Array.from(x, (i) => Math.sin(i / 700));
  y[6543] = 9;
  y[6544] = -9;
  const short = thin({ x, y }, 400);
  expect(short.x.length).toBeLessThanOrEqual(400);
  expect(short.y).toContain(9);
  expect(short.y).toContain(-9);
  expect(short.x).toEqual([...short.x].sort((a, b) => a - b));
  expect(short.x.every((at, i) => short.y[i] === y[at])).toBe(true);
});

it('smooths noise away and begins at the first value', () => {
  const noisy = Float64Array.from(x, (i) => 3 + (i % 2 === 0 ? 1 : -1));
  const smoothed = smooth(noisy, 0.98);
  expect(smoothed[0]).toBe(noisy[0]);
  expect(Math.abs(smoothed[n - 1] - 3)).toBeLessThan(0.02);
  expect(smooth([], 0.9).length).toBe(0);
});
