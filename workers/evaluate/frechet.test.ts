/** Fréchet distances and eigenvalues against scipy (tools/fixtures/make_evaluate.py), and against what can be known without. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { uniform } from '../igpt/random.ts';
import { frechetDistance, momentsOf } from './frechet.ts';
import { cholesky, eigenvalues } from './symmetric.ts';

interface Case {
  name: string;
  width: number;
  a: number[];
  b: number[];
  distance: number;
  eigenvalues: number[];
}

const { cases }: { cases: Case[] } = JSON.parse(
  readFileSync(new URL('./fixtures/scipy.json', import.meta.url), 'utf8'),
);

const between = async (a: ArrayLike<number>, b: ArrayLike<number>, width: number): Promise<number> =>
  frechetDistance(await momentsOf(Float32Array.from(a), width), await momentsOf(Float32Array.from(b), width));

it.each(cases.map((one) => [one.name, one] as const))('agrees with scipy: %s', async (_, one) => {
  const { width, a, b, distance, eigenvalues: expected } = one;
  expect((await between(a, b, width)) / distance).toBeCloseTo(1, 5);
  expect((await between(b, a, width)) / distance).toBeCloseTo(1, 5);
  const { covariance } = await momentsOf(Float32Array.from(b), width);
  const found = await eigenvalues(covariance, width);
  const largest = expected[width - 1];
  found.forEach((value, i) => {
    expect(Math.abs(value - expected[i]) / largest).toBeLessThan(1e-6);
  });
});

it('finds nothing between a set and itself', async () => {
  for (const { a, width } of cases) expect(Math.abs(await between(a, a, width))).toBeLessThan(1e-4);
});

it('finds the square of a shift, and nothing else, between a set and the same moved', async () => {
  const { a, width } = cases[0];
  const moved = a.map((x, i) => x + (i % width === 3 ? 2 : 0));
  expect(await between(a, moved, width)).toBeCloseTo(4, 3);
});

it('keeps the sum of eigenvalues and of their squares at a width of many channels, within two seconds', async () => {
  const n = 300;
  const A = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      A[i * n + j] = uniform(1, i, j) - 0.5;
      A[j * n + i] = A[i * n + j];
    }
  }
  const trace = Array.from({ length: n }, (_, i) => A[i * n + i]).reduce((a, b) => a + b, 0);
  const squares = A.reduce((sum, x) => sum + x * x, 0);
  const started = performance.now();
  const values = await eigenvalues(A, n);
  console.log(`Eigenvalues of ${n} × ${n} in ${(performance.now() - started).toFixed(0)} ms.`);
  expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(trace, 8);
  expect(values.reduce((sum, x) => sum + x * x, 0) / squares).toBeCloseTo(1, 10);
  expect([...values]).toEqual([...values].sort((a, b) => a - b));
  expect(performance.now() - started).toBeLessThan(2000);
});

it('factors what is singular, and stops when it is told to', async () => {
  const A = Float64Array.of(4, 2, 0, 2, 1, 0, 0, 0, 9); // the second row is half of the first
  expect([...(await cholesky(A, 3))]).toEqual([2, 0, 0, 1, 0, 0, 0, 0, 3]);
  const stop = new Error('stop');
  await expect(cholesky(A, 3, () => Promise.reject(stop))).rejects.toBe(stop);
  await expect(eigenvalues(A, 3, () => Promise.reject(stop))).rejects.toBe(stop);
});
