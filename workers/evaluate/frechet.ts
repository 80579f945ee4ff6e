/**
 * The Fréchet distance between two sets of features, each taken as a normal distribution:
 * |μ₁ − μ₂|² + tr C₁ + tr C₂ − 2 tr (C₁ C₂)^½. Sources: Dowson & Landau 1982; Heusel et al. 2017, who measure it in Inception's
 * features and call it FID. In other features it is another number.
 */
import { cholesky, eigenvalues, type Pause } from './symmetric.ts';

/** Of n rows: their mean [width] and their covariance [width, width], divided by n − 1. */
export interface Moments {
  mean: Float64Array;
  covariance: Float64Array;
}

/** rows [n, width], n of at least 2. */
export async function momentsOf(rows: Float32Array, width: number, pause: Pause = async () => {}): Promise<Moments> {
  const n = rows.length / width;
  const mean = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) mean[i % width] += rows[i] / n;
  const covariance = new Float64Array(width * width);
  const centred = new Float64Array(width);
  for (let row = 0; row < n; row++) {
    if (row % 64 === 0) await pause();
    for (let i = 0; i < width; i++) centred[i] = rows[row * width + i] - mean[i];
    for (let i = 0; i < width; i++) {
      const x = centred[i] / (n - 1);
      for (let j = 0; j <= i; j++) covariance[i * width + j] += x * centred[j];
    }
  }
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < i; j++) covariance[j * width + i] = covariance[i * width + j];
  }
  return { mean, covariance };
}

export async function frechetDistance(a: Moments, b: Moments, pause: Pause = async () => {}): Promise<number> {
  const n = a.mean.length;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    distance += (a.mean[i] - b.mean[i]) ** 2 + a.covariance[i * n + i] + b.covariance[i * n + i];
  }
  return distance - 2 * (await traceOfRoot(a.covariance, b.covariance, n, pause));
}

/** tr (A B)^½: with A = L Lᵀ, A B has the eigenvalues of Lᵀ B L, which is symmetric and has no negative ones. */
async function traceOfRoot(A: Float64Array, B: Float64Array, n: number, pause: Pause): Promise<number> {
  const L = await cholesky(A, n, pause);
  const right = await product(B, L, n, pause); // B L
  const between = await product(transposed(L, n), right, n, pause); // Lᵀ B L
  let trace = 0;
  for (const value of await eigenvalues(between, n, pause)) trace += Math.sqrt(Math.max(0, value));
  return trace;
}

async function product(A: Float64Array, B: Float64Array, n: number, pause: Pause): Promise<Float64Array> {
  const C = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    if (i % 16 === 0) await pause();
    const row = C.subarray(i * n, (i + 1) * n);
    for (let k = 0; k < n; k++) {
      const x = A[i * n + k];
      if (x === 0) continue;
      for (let j = 0; j < n; j++) row[j] += x * B[k * n + j];
    }
  }
  return C;
}

function transposed(A: Float64Array, n: number): Float64Array {
  return Float64Array.from(A, (_, at) => A[(at % n) * n + Math.floor(at / n)]);
}
