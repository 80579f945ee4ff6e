/** How fast the SIMD kernels are here, at the two shapes of work that decide: see igpt/speed.ts. */
import { PROBE, type Speed } from '../igpt/speed.ts';
import { Arena, roundUp } from './arena.ts';
import { instantiate, type Kernels } from './kernels.ts';

/** Milliseconds for each kind of work. */
const BUDGET_MS = 60;

/** Throws RangeError where there is no SIMD. */
export async function measureSimd(): Promise<Speed> {
  const kernels = await instantiate();
  const arena = new Arena(kernels);
  const { k, n, rowsTraining, rowsDecoding } = PROBE;
  const [a, b, c] = [
    arena.numbers(rowsTraining * k),
    arena.numbers(k * roundUp(n, 8)),
    arena.numbers(rowsTraining * n),
  ];
  arena.commit();
  return { training: rate(kernels, rowsTraining, a, b, c), decoding: rate(kernels, rowsDecoding, a, b, c) };
}

/** Floating-point operations a second of products of `rows` rows, the best of several short runs. */
function rate(kernels: Kernels, rows: number, a: number, b: number, c: number): number {
  const { k, n } = PROBE;
  const flops = 2 * rows * k * n;
  let best = 0;
  const begun = performance.now();
  do {
    const started = performance.now();
    let products = 0;
    // Clocks in browsers are coarse: a run is as many products as fill a few milliseconds.
    do {
      kernels.matmul(rows, n, k, a, 4 * k, 4, b, 32 * k, 32, c, 4 * n, 0, 0, 0, 0);
      products++;
    } while (performance.now() - started < 4);
    best = Math.max(best, (products * flops) / (performance.now() - started));
  } while (performance.now() - begun < BUDGET_MS);
  return best * 1000;
}
