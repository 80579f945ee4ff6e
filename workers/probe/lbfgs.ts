/**
 * Minimises a smooth function of many variables: L-BFGS with a line search that meets the strong Wolfe conditions. Sources:
 * Nocedal & Wright 2006, "Numerical Optimization", algorithms 7.4 and 7.5 (L-BFGS), 3.5 and 3.6 (line search); that slopes
 * decide where values differ by rounding alone, Hager & Zhang 2005, "A New Conjugate Gradient Method".
 */

/** The function and its gradient at x, which stays the caller's. */
export type Smooth = (x: Float64Array) => Promise<{ value: number; gradient: Float64Array }>;

export interface Minimising {
  /** The norm of the gradient to stop at. */
  tolerance: number;
  /** Relative error of the values, 0 unless said otherwise: a smaller rise is none. */
  rounding?: number;
  /** 1,000 unless said otherwise. */
  maxIterations?: number;
  /** Hears the place before each iteration, counted from 0. */
  onIteration?: (iteration: number, value: number, gradientNorm: number) => void;
}

interface Point {
  x: Float64Array;
  value: number;
  gradient: Float64Array;
}

export interface Minimum extends Point {
  iterations: number;
  gradientNorm: number;
  /** The gradient is as small as asked for; otherwise rounding or the iterations ended the search. */
  converged: boolean;
}

/** Steps and changes of the gradient that the curvature is estimated from. */
const HISTORY = 10;
/** Of the Wolfe conditions: how much the value must sink, and how much the slope must flatten. */
const SINKS = 1e-4;
const FLATTENS = 0.9;
/** Evaluations after which a line search gives up: then rounding hides the slope. */
const MAX_TRIALS = 30;

/** Rejects with whatever the function rejects with, which is how a search is stopped. */
export async function minimise(
  f: Smooth,
  start: Float64Array,
  { tolerance, rounding = 0, maxIterations = 1000, onIteration = () => {} }: Minimising,
): Promise<Minimum> {
  let here: Point = { x: start, ...(await f(start)) };
  let pairs: Pair[] = [];
  for (let iterations = 0; ; iterations++) {
    const gradientNorm = norm(here.gradient);
    const converged = gradientNorm <= tolerance;
    if (converged || iterations === maxIterations) return { ...here, iterations, gradientNorm, converged };
    onIteration(iterations, here.value, gradientNorm);
    const direction = descent(here.gradient, pairs);
    // Without a curvature yet, a step of length 1 at most.
    const first = pairs.length > 0 ? 1 : Math.min(1, 1 / gradientNorm);
    const next = await search(f, here, direction, first, rounding * Math.abs(here.value));
    if (next) {
      pairs = remembered(pairs, here, next);
      here = next;
    } else if (pairs.length > 0) {
      pairs = []; // steepest descent needs no curvature to be right
    } else {
      return { ...here, iterations, gradientNorm, converged };
    }
  }
}

interface Pair {
  /** Step and change of the gradient. */
  s: Float64Array;
  y: Float64Array;
  sy: number;
}

function remembered(pairs: Pair[], from: Point, to: Point): Pair[] {
  const s = to.x.map((x, i) => x - from.x[i]);
  const y = to.gradient.map((g, i) => g - from.gradient[i]);
  const sy = dot(s, y);
  // Only rounding can break what the Wolfe conditions promise.
  return sy > 0 ? [...pairs.slice(1 - HISTORY), { s, y, sy }] : pairs;
}

/** −H g, with H the inverse Hessian as the pairs tell it: algorithm 7.4. */
function descent(gradient: Float64Array, pairs: Pair[]): Float64Array {
  const q = gradient.slice();
  const alphas = pairs.map(() => 0);
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { s, y, sy } = pairs[i];
    alphas[i] = dot(s, q) / sy;
    add(q, -alphas[i], y);
  }
  const last = pairs.at(-1);
  const gamma = last ? last.sy / dot(last.y, last.y) : 1; // equation 7.20
  for (let i = 0; i < q.length; i++) q[i] *= gamma;
  pairs.forEach(({ s, y, sy }, i) => {
    add(q, alphas[i] - dot(y, q) / sy, s);
  });
  return q.map((x) => -x);
}

/** A place on the line: how far along, and the slope there. */
interface Trial extends Point {
  along: number;
  slope: number;
}

/**
 * A point along the direction that meets the strong Wolfe conditions, in which values may rise by the slack; undefined when
 * there is none to be found.
 */
async function search(
  f: Smooth,
  from: Point,
  direction: Float64Array,
  first: number,
  slack: number,
): Promise<Point | undefined> {
  const slope = dot(from.gradient, direction);
  if (!(slope < 0)) return undefined;
  let trials = 0;
  const at = async (along: number): Promise<Trial> => {
    trials++;
    const x = from.x.map((value, i) => value + along * direction[i]);
    const { value, gradient } = await f(x);
    return { x, value, gradient, along, slope: dot(gradient, direction) };
  };
  // Negated, so that a value that is no number counts as too high.
  const tooHigh = ({ value, along }: Trial) => !(value <= from.value + SINKS * along * slope + slack);
  const flat = (t: Trial) => Math.abs(t.slope) <= -FLATTENS * slope;

  /** Algorithm 3.6: between a good end and another one that brackets such a point with it. */
  const zoom = async (good: Trial, other: Trial): Promise<Point | undefined> => {
    let [low, high] = [good, other];
    while (trials < MAX_TRIALS) {
      const next = await at(between(low, high));
      if (tooHigh(next) || next.value >= low.value + slack) {
        high = next;
      } else {
        if (flat(next)) return next;
        if (next.slope * (high.along - low.along) >= 0) high = low;
        low = next;
      }
    }
    return low.along > 0 ? low : undefined;
  };

  // Algorithm 3.5.
  let before: Trial = { ...from, along: 0, slope };
  for (let along = first; trials < MAX_TRIALS; along *= 2) {
    const here = await at(along);
    if (tooHigh(here) || (before.along > 0 && here.value >= before.value + slack)) return zoom(before, here);
    if (flat(here)) return here;
    if (here.slope >= 0) return zoom(here, before);
    before = here;
  }
  return before.along > 0 ? before : undefined;
}

/** The minimum of the cubic through both ends (equation 3.59), kept off the ends, or the middle where there is none. */
function between(a: Trial, b: Trial): number {
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.along - b.along);
  const d2 = Math.sign(b.along - a.along) * Math.sqrt(d1 * d1 - a.slope * b.slope);
  const cubic = b.along - ((b.along - a.along) * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
  const [left, right] = [Math.min(a.along, b.along), Math.max(a.along, b.along)];
  const margin = 0.1 * (right - left);
  return Number.isFinite(cubic) ? Math.min(right - margin, Math.max(left + margin, cubic)) : (left + right) / 2;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

export const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

/** a += factor · b. */
function add(a: Float64Array, factor: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i] += factor * b[i];
}
