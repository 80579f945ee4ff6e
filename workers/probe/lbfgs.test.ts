/** L-BFGS on functions whose minimum is known. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evenDouble } from '../../tools/arbitraries.ts';
import { minimise, type Smooth } from './lbfgs.ts';

/** ½ Σ aᵢ (xᵢ − cᵢ)² in coordinates that a few reflections have mixed. */
function quadratic(curvatures: number[], centre: number[]): Smooth {
  const mirror = (x: Float64Array) => {
    const along = x.reduce((sum, v) => sum + v, 0) / x.length;
    return x.map((v) => v - 2 * along); // its own inverse
  };
  return async (x) => {
    const moved = mirror(x.map((v, i) => v - centre[i]));
    const slopes = moved.map((v, i) => curvatures[i] * v);
    return { value: 0.5 * moved.reduce((sum, v, i) => sum + v * slopes[i], 0), gradient: mirror(slopes) };
  };
}

it('finds the minimum of every convex quadratic', async () => {
  const term = fc.record({
    curvature: fc.double({ min: 0.01, max: 100, noNaN: true }),
    centre: evenDouble({ min: -10, max: 10 }),
    start: evenDouble({ min: -10, max: 10 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(term, { minLength: 1, maxLength: 12 }), async (terms) => {
      const centre = terms.map((t) => t.centre);
      const f = quadratic(
        terms.map((t) => t.curvature),
        centre,
      );
      const start = Float64Array.from(terms, (t) => t.start);
      const { x, converged, gradientNorm } = await minimise(f, start, { tolerance: 1e-8 });
      expect(converged).toBe(true);
      expect(gradientNorm).toBeLessThanOrEqual(1e-8);
      x.forEach((v, i) => {
        expect(Math.abs(v - centre[i])).toBeLessThan(1e-5);
      });
    }),
    { numRuns: 200 },
  );
});

/** Rosenbrock's valley, chained: Σ 100 (x₍ᵢ₊₁₎ − xᵢ²)² + (1 − xᵢ)². */
const rosenbrock: Smooth = async (x) => {
  const gradient = new Float64Array(x.length);
  let value = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const [up, left] = [x[i + 1] - x[i] ** 2, 1 - x[i]];
    value += 100 * up ** 2 + left ** 2;
    gradient[i] += -400 * up * x[i] - 2 * left;
    gradient[i + 1] += 200 * up;
  }
  return { value, gradient };
};

it('follows the valley of Rosenbrock, and never climbs', async () => {
  const values: number[] = [];
  const onIteration = (_: number, value: number) => values.push(value);
  const start = Float64Array.of(-1.2, 1, -1.2, 1);
  const { x, converged, iterations } = await minimise(rosenbrock, start, { tolerance: 1e-8, onIteration });
  expect(converged).toBe(true);
  x.forEach((v) => {
    expect(v).toBeCloseTo(1, 6);
  });
  expect(values).toHaveLength(iterations);
  expect(iterations).toBeLessThan(100);
  expect(values).toEqual(values.toSorted((a, b) => b - a));
  expect(start).toEqual(Float64Array.of(-1.2, 1, -1.2, 1));
});

it('takes steps that meet both Wolfe conditions', async () => {
  const points: { x: Float64Array; value: number; gradient: Float64Array }[] = [];
  const f: Smooth = async (x) => {
    const point = { x, ...(await rosenbrock(x)) };
    points.push(point);
    return point;
  };
  const taken: number[] = [];
  const onIteration = () => taken.push(points.length - 1);
  await minimise(f, Float64Array.of(-1.2, 1), { tolerance: 1e-8, onIteration });
  const along = (g: Float64Array, step: Float64Array) => g.reduce((sum, v, i) => sum + v * step[i], 0);
  for (let i = 0; i + 1 < taken.length; i++) {
    const [from, to] = [points[taken[i]], points[taken[i + 1]]];
    const step = to.x.map((v, c) => v - from.x[c]);
    const slope = along(from.gradient, step);
    expect(to.value).toBeLessThanOrEqual(from.value + 1e-4 * slope);
    expect(Math.abs(along(to.gradient, step))).toBeLessThanOrEqual(0.9 * Math.abs(slope));
  }
});

it('says that it has not converged when the iterations end, or when rounding hides the slope and it does not know', async () => {
  const early = await minimise(rosenbrock, Float64Array.of(-1.2, 1), { tolerance: 1e-8, maxIterations: 5 });
  expect([early.converged, early.iterations]).toEqual([false, 5]);
  const coarse: Smooth = async (x) => {
    const { value, gradient } = await rosenbrock(x);
    return { value: Math.fround(1e3 + value), gradient };
  };
  const blind = await minimise(coarse, Float64Array.of(-1.2, 1), { tolerance: 1e-12 });
  expect(blind.converged).toBe(false);
  expect(blind.iterations).toBeLessThan(1000);
  expect(blind.value).toBeLessThan(Math.fround(1e3 + 1e-3));
  const told = await minimise(coarse, Float64Array.of(-1.2, 1), { tolerance: 1e-8, rounding: 1e-7 });
  expect(told.converged).toBe(true);
});

it('backs away from values that are no numbers', async () => {
  const barrier: Smooth = async ([x]) => ({ value: x - Math.log(x), gradient: Float64Array.of(1 - 1 / x) });
  const { x } = await minimise(barrier, Float64Array.of(30), { tolerance: 1e-9 });
  expect(x[0]).toBeCloseTo(1, 8);
});

it('stops with the error of the function', async () => {
  let calls = 0;
  const f: Smooth = async (x) => {
    if (++calls === 3) throw new Error('enough');
    return rosenbrock(x);
  };
  await expect(minimise(f, Float64Array.of(-1.2, 1), { tolerance: 0 })).rejects.toThrow('enough');
});
