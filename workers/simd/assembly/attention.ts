/**
 * Attention over strips of queries: the scores of STRIP queries against all the keys that they may see are made,
 * turned into weights and used before the next strip, so that memory grows with T and not with T². The gradient makes
 * the weights again from each row's log-sum-exp, as flash attention does (Dao et al. 2022); with rows this short a strip
 * fits in the cache whole, which spares the running rescale of its tiles. A causal strip stops at its last query's key.
 *
 * Heads lie in rows of qkv[T, 3d] and y[T, d]. All strides in bytes.
 */
import { matmul } from './matmul';
import { pack, packTransposed } from './pack';
import { exponentials, rowMax, scaleRow, softmaxGradient } from './softmax';
import { bytes, roundUp } from './vector';

/** Queries whose scores exist at once. */
export const STRIP: i32 = 32;

/** Bytes of a strip for T keys. */
export function stripBytes(T: i32): usize {
  return bytes(STRIP * roundUp(T, 8));
}

/**
 * y[m, hd] of one head: m queries, of which the first stands at position `first`, over the keys before and among them.
 * keys: the transpose in panels of hd · 32 bytes, one for each eight positions; values: panels of vPanel bytes. Writes the
 * log-sum-exp of each query's scores to lse[m] unless that is 0.
 */
export function attend(
  m: i32,
  first: i32,
  causal: bool,
  hd: i32,
  q: usize,
  qRow: usize,
  keys: usize,
  values: usize,
  vPanel: usize,
  y: usize,
  yRow: usize,
  lse: usize,
  strip: usize,
): void {
  const scale: f32 = 1 / sqrt<f32>(<f32>hd);
  const row = bytes(roundUp(first + m, 8));
  for (let at = 0; at < m; at += STRIP) {
    const rows = min(STRIP, m - at);
    const seen = causal ? first + at + rows : first + m;
    const padded = roundUp(seen, 8);
    matmul(rows, padded, hd, q + <usize>at * qRow, qRow, 4, keys, bytes(8 * hd), 32, strip, row, 0, 0, 0, 0);
    for (let r = 0; r < rows; r++) {
      const scores = strip + <usize>r * row;
      const n = causal ? first + at + r + 1 : seen;
      const top = rowMax(scores, n) * scale;
      const sum = exponentials(scores, n, padded, scale, top, scores);
      scaleRow(scores, padded, 1 / sum);
      if (lse) store<f32>(lse + bytes(at + r), top + <f32>Math.log(sum));
    }
    matmul(rows, hd, seen, strip, row, 4, values, vPanel, 32, y + <usize>at * yRow, yRow, 0, 0, 0, 0);
  }
}

/** Bytes of `work` that `attention` needs. */
export function attentionBytes(T: i32, hd: i32): usize {
  return bytes(roundUp(T, 8) * hd + T * roundUp(hd, 8)) + stripBytes(T);
}

/** y[B·T, d] and lse[B, H, T] of qkv[B·T, 3d] for whole pictures. */
export function attention(
  B: i32,
  T: i32,
  H: i32,
  hd: i32,
  causal: bool,
  qkv: usize,
  y: usize,
  lse: usize,
  work: usize,
): void {
  const d = bytes(H * hd);
  const row: usize = d * 3;
  const keys = work;
  const values = keys + bytes(roundUp(T, 8) * hd);
  const strip = values + bytes(T * roundUp(hd, 8));
  const vPanel = bytes(8 * T);
  for (let b = 0; b < B; b++) {
    for (let h = 0; h < H; h++) {
      const column = bytes(h * hd);
      const q = qkv + <usize>(b * T) * row + column;
      packTransposed(T, hd, q + d, row, keys, bytes(8 * hd));
      pack(T, hd, q + d * 2, row, values, vPanel);
      const out = y + <usize>(b * T) * d + column;
      attend(T, 0, causal, hd, q, row, keys, values, vPanel, out, d, lse + bytes((b * H + h) * T), strip);
    }
  }
}

/** Bytes of `work` that `attentionGradient` needs. */
export function attentionGradientBytes(T: i32, hd: i32): usize {
  return bytes(2 * roundUp(T, 8) * hd + T * roundUp(hd, 8)) + 2 * stripBytes(T);
}

/** dqkv[B·T, 3d] from dy[B·T, d], with y and lse as `attention` left them. */
export function attentionGradient(
  B: i32,
  T: i32,
  H: i32,
  hd: i32,
  causal: bool,
  qkv: usize,
  y: usize,
  lse: usize,
  dy: usize,
  dqkv: usize,
  work: usize,
): void {
  const d = bytes(H * hd);
  const row: usize = d * 3;
  memory.fill(dqkv, 0, <usize>(B * T) * row);
  for (let b = 0; b < B; b++) {
    for (let h = 0; h < H; h++) {
      const column = bytes(h * hd);
      const at = <usize>(b * T) * row + column;
      const out = <usize>(b * T) * d + column;
      const sums = lse + bytes((b * H + h) * T);
      headGradient(T, causal, hd, qkv + at, row, d, y + out, dy + out, sums, dqkv + at, work);
    }
  }
}

/**
 * One head of one picture. P = e^(S − lse), dV = Pᵀ dY, dP = dY Vᵀ, dS = P ∘ (dP − Σ dY ∘ Y) / √hd, dQ = dS K,
 * dK = dSᵀ Q. qkv and dqkv point at the head's first query; its keys and values lie d and 2d bytes on.
 */
function headGradient(
  T: i32,
  causal: bool,
  hd: i32,
  qkv: usize,
  row: usize,
  d: usize,
  y: usize,
  dy: usize,
  lse: usize,
  dqkv: usize,
  work: usize,
): void {
  const scale: f32 = 1 / sqrt<f32>(<f32>hd);
  const turned = bytes(roundUp(T, 8) * hd);
  const keysT = work;
  const valuesT = keysT + turned;
  const keys = valuesT + turned;
  const weights = keys + bytes(T * roundUp(hd, 8));
  const gradients = weights + stripBytes(T);
  const kPanel = bytes(8 * T);
  const turnedPanel = bytes(8 * hd);
  packTransposed(T, hd, qkv + d, row, keysT, turnedPanel);
  packTransposed(T, hd, qkv + d * 2, row, valuesT, turnedPanel);
  pack(T, hd, qkv + d, row, keys, kPanel);

  const strip = bytes(roundUp(T, 8));
  for (let at = 0; at < T; at += STRIP) {
    const rows = min(STRIP, T - at);
    const seen = causal ? at + rows : T;
    const padded = roundUp(seen, 8);
    const q = qkv + <usize>at * row;
    const dq = dqkv + <usize>at * row;
    const dyAt = dy + <usize>at * d;
    matmul(rows, padded, hd, q, row, 4, keysT, turnedPanel, 32, weights, strip, 0, 0, 0, 0);
    matmul(rows, padded, hd, dyAt, d, 4, valuesT, turnedPanel, 32, gradients, strip, 0, 0, 0, 0);
    for (let r = 0; r < rows; r++) {
      const p = weights + <usize>r * strip;
      const n = causal ? at + r + 1 : seen;
      exponentials(p, n, padded, scale, load<f32>(lse + bytes(at + r)), p);
      const delta = dot(hd, y + <usize>(at + r) * d, dy + <usize>(at + r) * d);
      softmaxGradient(p, gradients + <usize>r * strip, padded, delta, scale);
    }
    const dk = dqkv + d;
    const dv = dk + d;
    matmul(seen, hd, rows, weights, 4, strip, dyAt, 32, d, dv, row, 0, 0, dv, 0);
    matmul(seen, hd, rows, gradients, 4, strip, q, 32, row, dk, row, 0, 0, dk, 0);
    matmul(rows, hd, seen, gradients, strip, 4, keys, kPanel, 32, dq, row, 0, 0, 0, 0);
  }
}

function dot(n: i32, x: usize, y: usize): f32 {
  let sum: f32 = 0;
  for (let i: usize = 0, end = bytes(n); i < end; i += 4) sum += load<f32>(x + i) * load<f32>(y + i);
  return sum;
}
