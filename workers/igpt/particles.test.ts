import { expect, it } from 'vitest';
import { choose, effectiveSize, resample } from './particles.ts';

it('counts equal weights in full and a single heavy one as one', () => {
  expect(effectiveSize([-500, -500, -500, -500])).toBeCloseTo(4);
  expect(effectiveSize([0, -1000, -1000])).toBeCloseTo(1);
});

it('gives every particle its share of children, within one', () => {
  const p = [0.5, 0.3, 0.15, 0.05];
  for (const u of [0, 0.25, 0.5, 0.999]) {
    const parents = resample(p.map(Math.log), u);
    p.forEach((share, i) => {
      expect(Math.abs(parents.filter((x) => x === i).length - 4 * share)).toBeLessThan(1);
    });
  }
});

it('shows different pictures first, best explained first', () => {
  const pictures = ['a', 'b', 'a', 'c'];
  expect(choose([-1, -3, -1, -2], (i) => pictures[i], 3)).toEqual([0, 3, 1]);
  expect(choose([-1, -3, -1, -2], (i) => pictures[i], 4)).toEqual([0, 3, 1, 2]);
});
