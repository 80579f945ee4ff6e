/**
 * What distances between distributions need of symmetric matrices, in float64: their eigenvalues, and a factor of those
 * that have no negative ones. Sources: Golub & Van Loan, "Matrix Computations", sections 8.3.1 (Householder's way to three
 * diagonals), 8.3.3 (implicit QR with Wilkinson's shift) and 4.2.7 (Cholesky of what may be singular).
 */

/** Lets others in, now and then; may throw to stop. */
export type Pause = () => Promise<void>;

/** Rows between two pauses. */
const ROWS = 32;

/** Of A [n, n], which does not stay; rising. */
export async function eigenvalues(A: Float64Array, n: number, pause: Pause = async () => {}): Promise<Float64Array> {
  const { diagonal, beside } = await tridiagonal(A, n, pause);
  return tridiagonalEigenvalues(diagonal, beside).sort();
}

/** A orthogonally similar matrix with three diagonals: the middle one [n], and the one beside it [n - 1]. */
async function tridiagonal(A: Float64Array, n: number, pause: Pause) {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(Math.max(0, n - 1));
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    if (k % ROWS === 0) await pause();
    diagonal[k] = A[k * n + k];
    if (k === n - 1) break;
    let square = 0;
    for (let i = k + 1; i < n; i++) {
      v[i] = A[k * n + i];
      square += v[i] * v[i];
    }
    // The reflection takes v to a multiple of its first axis; away from it, so that nothing cancels.
    const length = v[k + 1] > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    beside[k] = length;
    square -= v[k + 1] * length;
    v[k + 1] -= length;
    if (!(square > 0)) continue; // nothing beside the diagonal
    // A − v wᵀ − w vᵀ with w = p − (p·v / 2 square) v and p = A v / square.
    let along = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += A[i * n + j] * v[j];
      w[i] = sum / square;
      along += w[i] * v[i];
    }
    along /= 2 * square;
    for (let i = k + 1; i < n; i++) w[i] -= along * v[i];
    for (let i = k + 1; i < n; i++) {
      for (let j = k + 1; j < n; j++) A[i * n + j] -= v[i] * w[j] + w[i] * v[j];
    }
  }
  return { diagonal, beside };
}

/** In place of the diagonal, in no order. */
function tridiagonalEigenvalues(d: Float64Array, beside: Float64Array): Float64Array {
  const e = Float64Array.of(...beside, 0);
  for (let end = d.length - 1; end > 0; ) {
    const isSmall = (i: number) => Math.abs(e[i]) <= Number.EPSILON * (Math.abs(d[i]) + Math.abs(d[i + 1]));
    if (isSmall(end - 1) || e[end - 1] === 0) {
      end--;
      continue;
    }
    let start = end - 1;
    while (start > 0 && !isSmall(start - 1) && e[start - 1] !== 0) start--;
    sweep(d, e, start, end);
  }
  return d;
}

/** One implicit QR step on the block [start, end], which has no zero beside its diagonal. */
function sweep(d: Float64Array, e: Float64Array, start: number, end: number): void {
  const half = (d[end - 1] - d[end]) / 2;
  const last = e[end - 1];
  const shift = d[end] - last ** 2 / (half + (half < 0 ? -1 : 1) * Math.hypot(half, last));
  let x = d[start] - shift;
  let z = e[start];
  for (let k = start; k < end; k++) {
    const r = Math.hypot(x, z);
    const [c, s] = r === 0 ? [1, 0] : [x / r, -z / r];
    if (k > start) e[k - 1] = r;
    const [a, b, q] = [d[k], d[k + 1], e[k]];
    d[k] = c * c * a - 2 * c * s * q + s * s * b;
    d[k + 1] = s * s * a + 2 * c * s * q + c * c * b;
    e[k] = c * s * (a - b) + (c * c - s * s) * q;
    x = e[k];
    if (k + 1 === end) return;
    z = -s * e[k + 1];
    e[k + 1] *= c;
  }
}

/** L with L Lᵀ = A [n, n], which has no negative eigenvalues; what rounding leaves of zero ones is dropped. [n, n] */
export async function cholesky(A: Float64Array, n: number, pause: Pause = async () => {}): Promise<Float64Array> {
  const L = new Float64Array(n * n);
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, A[i * n + i]);
  const nothing = n * Number.EPSILON * largest;
  for (let j = 0; j < n; j++) {
    if (j % ROWS === 0) await pause();
    const dot = (i: number) => {
      let sum = 0;
      for (let k = 0; k < j; k++) sum += L[i * n + k] * L[j * n + k];
      return sum;
    };
    const pivot = A[j * n + j] - dot(j);
    if (!(pivot > nothing)) continue;
    const root = Math.sqrt(pivot);
    L[j * n + j] = root;
    for (let i = j + 1; i < n; i++) L[i * n + j] = (A[i * n + j] - dot(i)) / root;
  }
  return L;
}
