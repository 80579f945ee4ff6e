import { expect, it } from 'vitest';
import { pcg3d, uniform } from './random.ts';

it('is even over [0, 1) in every counter', () => {
  const counters: ((i: number) => number)[] = [
    (i) => uniform(i, 0, 0),
    (i) => uniform(0, i, 0),
    (i) => uniform(0, 0, i),
  ];
  for (const at of counters) {
    const bins = new Array(64).fill(0);
    for (let i = 0; i < 64_000; i++) bins[Math.floor(at(i) * 64)]++;
    const chi2 = bins.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chi2).toBeLessThan(63 + 4 * Math.sqrt(126));
  }
});

it('depends on the order of its counters', () => {
  expect(new Set([pcg3d(1, 2, 3), pcg3d(1, 3, 2), pcg3d(2, 1, 3), pcg3d(3, 2, 1)]).size).toBe(4);
});
