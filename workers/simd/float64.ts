/** The kernels' arithmetic as plain float64 loops, for the tests: nothing clever, so that there is little to get wrong. */

type Numbers = ArrayLike<number>;

/** [m, n] of a[m, k] and b[k, n] */
export function product(m: number, n: number, k: number, a: Numbers, b: Numbers): Float64Array {
  return Float64Array.from({ length: m * n }, (_, at) => {
    let sum = 0;
    for (let i = 0; i < k; i++) sum += a[Math.floor(at / n) * k + i] * b[i * n + (at % n)];
    return sum;
  });
}

/** [cols, rows] of x[rows, cols] */
export function transposed(rows: number, cols: number, x: Numbers): Float64Array {
  return Float64Array.from({ length: rows * cols }, (_, at) => x[(at % rows) * cols + Math.floor(at / rows)]);
}

export const quickGelu = (x: number): number => x / (1 + Math.exp(-1.702 * x));

/** [rows, d] */
export function rmsNorm(d: number, x: Numbers, gain: Numbers, epsilon: number): Float64Array {
  const rows = x.length / d;
  const scales = Array.from({ length: rows }, (_, r) => {
    let squares = 0;
    for (let i = 0; i < d; i++) squares += x[r * d + i] ** 2;
    return 1 / Math.sqrt(squares / d + epsilon);
  });
  return Float64Array.from(x, (v, at) => v * scales[Math.floor(at / d)] * gain[at % d]);
}

/** y[B·T, d] of qkv[B·T, 3d]: softmax(q kᵀ / √hd) v, head by head. */
export function attention(B: number, T: number, H: number, hd: number, causal: boolean, qkv: Numbers): Float64Array {
  const d = H * hd;
  const y = new Float64Array(B * T * d);
  const at = (b: number, t: number, third: number, h: number) => (b * T + t) * 3 * d + third * d + h * hd;
  for (let b = 0; b < B; b++) {
    for (let h = 0; h < H; h++) {
      for (let i = 0; i < T; i++) {
        const keys = causal ? i + 1 : T;
        const scores = Array.from({ length: keys }, (_, j) => {
          let dot = 0;
          for (let c = 0; c < hd; c++) dot += qkv[at(b, i, 0, h) + c] * qkv[at(b, j, 1, h) + c];
          return dot / Math.sqrt(hd);
        });
        const top = Math.max(...scores);
        const weights = scores.map((s) => Math.exp(s - top));
        const sum = weights.reduce((p, q) => p + q, 0);
        for (let j = 0; j < keys; j++) {
          for (let c = 0; c < hd; c++) y[(b * T + i) * d + h * hd + c] += (weights[j] / sum) * qkv[at(b, j, 2, h) + c];
        }
      }
    }
  }
  return y;
}

/** The slopes of Σ f(x) ∘ dy in each number of x, by central differences in float64. */
export function slopes(x: Numbers, f: (x: Float64Array) => Numbers, dy: Numbers): Float64Array {
  const value = (moved: Float64Array) => {
    const y = f(moved);
    let sum = 0;
    for (let i = 0; i < dy.length; i++) sum += y[i] * dy[i];
    return sum;
  };
  const step = 1e-4;
  return Float64Array.from(x, (_, i) => {
    const moved = Float64Array.from(x);
    moved[i] = x[i] + step;
    const above = value(moved);
    moved[i] = x[i] - step;
    return (above - value(moved)) / (2 * step);
  });
}
