/** Nearest pictures against a look at every pair. */
import { expect, it } from 'vitest';
import { uniform } from '../igpt/random.ts';
import { NearestByColour, NearestByFeatures } from './nearest.ts';

const [PIXELS, COLOURS, WIDTH] = [9, 12, 5];
const palette = Uint8Array.from({ length: 3 * COLOURS }, (_, i) => Math.floor(uniform(1, 0, i) * 256));
const tokens = (n: number, stream: number) =>
  Int16Array.from({ length: n * PIXELS }, (_, i) => Math.floor(uniform(1, stream, i) * COLOURS));
const rows = (n: number, stream: number) => Float32Array.from({ length: n * WIDTH }, (_, i) => uniform(2, stream, i));

/** The least distance of each and where it is, by looking at all. */
function plainly(count: number, among: number, distance: (i: number, j: number) => number) {
  return Array.from({ length: count }, (_, i) => {
    const all = Array.from({ length: among }, (__, j) => distance(i, j));
    const least = Math.min(...all);
    return [all.indexOf(least), least];
  });
}

it('finds by colour what a look at every pair finds, however the many are offered', () => {
  const [few, many] = [tokens(4, 1), tokens(30, 2)];
  many.set(few.subarray(PIXELS, 2 * PIXELS), 20 * PIXELS); // a copy
  const nearest = new NearestByColour(palette, few, PIXELS);
  for (const [from, to] of [
    [0, 7],
    [7, 8],
    [8, 30],
  ]) {
    nearest.offer(many.subarray(from * PIXELS, to * PIXELS), from);
  }
  const expected = plainly(4, 30, (i, j) => {
    let sum = 0;
    for (let p = 0; p < PIXELS; p++) {
      const [a, b] = [few[i * PIXELS + p], many[j * PIXELS + p]];
      for (let c = 0; c < 3; c++) sum += (palette[3 * a + c] - palette[3 * b + c]) ** 2;
    }
    return sum / (3 * PIXELS);
  });
  expect([...nearest.found.places]).toEqual(expected.map(([place]) => place));
  expect([...nearest.found.distances]).toEqual(expected.map(([, least]) => least));
  expect([nearest.found.places[1], nearest.found.distances[1]]).toEqual([20, 0]);
});

it('finds by features what a look at every pair finds', () => {
  const [few, many] = [rows(4, 1), rows(30, 2)];
  const nearest = new NearestByFeatures(few, WIDTH);
  nearest.offer(many.subarray(0, 11 * WIDTH), 0);
  nearest.offer(many.subarray(11 * WIDTH), 11);
  const expected = plainly(4, 30, (i, j) => {
    let sum = 0;
    for (let c = 0; c < WIDTH; c++) sum += (few[i * WIDTH + c] - many[j * WIDTH + c]) ** 2;
    return sum;
  });
  expect([...nearest.found.places]).toEqual(expected.map(([place]) => place));
  expect([...nearest.found.distances]).toEqual(expected.map(([, least]) => least));
});

it('says that nothing was offered', () => {
  expect([...new NearestByFeatures(rows(1, 1), WIDTH).found.distances]).toEqual([Number.POSITIVE_INFINITY]);
});
