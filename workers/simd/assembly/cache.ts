/**
 * The decoder's static key-value cache. One head of one picture holds its keys' transpose in panels of eight positions,
 * [T / 8][hd][8], so that the scores of eight keys lie side by side, and then its values in panels of eight channels,
 * [hd / 8][T][8]. Both are what `attend` reads, so that runs of known pixels need no other layout.
 */
import { attend, STRIP, stripBytes } from './attention';
import { matmul } from './matmul';
import { exponentials, rowMax, scaleRow } from './softmax';
import { bytes, fma, roundUp } from './vector';

/** Bytes of one head of one picture. */
export function headBytes(T: i32, hd: i32): usize {
  return bytes(roundUp(T, 8) * hd + T * roundUp(hd, 8));
}

/** Bytes of `work` that `prefill` and `extend` need. */
export function extendBytes(T: i32): usize {
  return stripBytes(T) + bytes(roundUp(T, 32));
}

/**
 * Attention of the first m positions of one picture, y[m, d] of qkv[m, 3d], whose keys and values become the prefix that
 * all pictures share. `shared` is the layer's, H heads one after the other.
 */
export function prefill(m: i32, T: i32, H: i32, hd: i32, qkv: usize, shared: usize, y: usize, work: usize): void {
  const d = bytes(H * hd);
  const row: usize = d * 3;
  const vPanel = bytes(8 * T);
  for (let h = 0; h < H; h++) {
    const q = qkv + bytes(h * hd);
    const keys = shared + <usize>h * headBytes(T, hd);
    const values = keys + bytes(roundUp(T, 8) * hd);
    append(m, 0, hd, q + d, q + d * 2, row, keys, values, vPanel);
    attend(m, 0, true, hd, q, row, keys, values, vPanel, y + bytes(h * hd), d, 0, work);
  }
}

/**
 * Attention of m new positions, from `first` on, of B pictures: takes up their keys and values, then y[B·m, d] of
 * qkv[B·m, 3d]. Positions before `prefix` lie in `shared` and are read once for all pictures, as a product of matrices;
 * the rest lie in each picture's own cache, `caches` for the first one and `picture` bytes on for the next.
 */
export function extend(
  B: i32,
  m: i32,
  first: i32,
  prefix: i32,
  T: i32,
  H: i32,
  hd: i32,
  qkv: usize,
  shared: usize,
  caches: usize,
  picture: usize,
  y: usize,
  work: usize,
): void {
  const scale: f32 = 1 / sqrt<f32>(<f32>hd);
  const d = bytes(H * hd);
  const row: usize = d * 3;
  const vPanel = bytes(8 * T);
  const padded = roundUp(prefix, 8);
  const strip = bytes(padded);
  const own = work + stripBytes(T);
  for (let h = 0; h < H; h++) {
    const column = bytes(h * hd);
    const head = <usize>h * headBytes(T, hd);
    const toValues = bytes(roundUp(T, 8) * hd);
    for (let b = 0; b < B; b++) {
      const k = qkv + <usize>(b * m) * row + column + d;
      const keys = caches + <usize>b * picture + head;
      append(m, first - prefix, hd, k, k + d, row, keys, keys + toValues, vPanel);
    }
    for (let at = 0; at < B * m; at += STRIP) {
      const rows = min(STRIP, B * m - at);
      const q = qkv + <usize>at * row + column;
      const out = y + <usize>at * d + column;
      matmul(rows, padded, hd, q, row, 4, shared + head, bytes(8 * hd), 32, work, strip, 0, 0, 0, 0);
      for (let r = 0; r < rows; r++) {
        const keys = caches + <usize>((at + r) / m) * picture + head;
        const n = first - prefix + ((at + r) % m) + 1;
        const before = work + <usize>r * strip;
        scoreAll(n, hd, q + <usize>r * row, keys, own);
        const top = max<f32>(rowMax(own, n), rowMax(before, prefix)) * scale;
        const ownSum = exponentials(own, n, roundUp(n, 4), scale, top, own);
        const factor: f32 = 1 / (ownSum + exponentials(before, prefix, padded, scale, top, before));
        scaleRow(before, padded, factor);
        weighAll(n, hd, own, keys + toValues, vPanel, factor, out + <usize>r * d);
      }
      if (prefix) matmul(rows, hd, prefix, work, strip, 4, shared + head + toValues, vPanel, 32, out, d, 0, 0, out, 0);
    }
  }
}

function append(
  m: i32,
  first: i32,
  hd: i32,
  k: usize,
  v: usize,
  row: usize,
  keys: usize,
  values: usize,
  vPanel: usize,
): void {
  for (let i = first; i < first + m; i++) {
    const key = keys + <usize>(i >> 3) * bytes(8 * hd) + bytes(i & 7);
    const value = values + bytes(8 * i);
    for (let c = 0; c < hd; c++) {
      store<f32>(key + bytes(8 * c), load<f32>(k + bytes(c)));
      store<f32>(value + <usize>(c >> 3) * vPanel + bytes(c & 7), load<f32>(v + bytes(c)));
    }
    k += row;
    v += row;
  }
}

/**
 * Scores of one query with n keys, four panels at a time: eight accumulators, as many as hide the latency of a
 * multiply-add. `scores` has room for n in whole groups of 32; what is beyond n there means nothing.
 */
function scoreAll(n: i32, hd: i32, q: usize, keys: usize, scores: usize): void {
  const panel = bytes(8 * hd);
  for (let i = 0; i < n; i += 32) {
    const left = (n - i + 7) >> 3;
    const k1 = left > 1 ? keys + panel : keys;
    const k2 = left > 2 ? k1 + panel : keys;
    const k3 = left > 3 ? k2 + panel : keys;
    scorePanels(hd, q, keys, k1, k2, k3, scores + bytes(i));
    keys += panel * 4;
  }
}

/** y[hd] = factor · Σ weights[n] values[n, hd]. */
function weighAll(n: i32, hd: i32, weights: usize, values: usize, vPanel: usize, factor: f32, y: usize): void {
  for (let c = 0; c < hd; c += 8) {
    weighPanel(n, min(8, hd - c), weights, values + <usize>(c >> 3) * vPanel, factor, y + bytes(c));
  }
}

/** Scores of one query with the eight keys of each of four panels. */
function scorePanels(hd: i32, q: usize, k0: usize, k1: usize, k2: usize, k3: usize, scores: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  for (let c = 0; c < hd; c++) {
    const x = v128.load32_splat(q);
    s0 = fma(x, v128.load(k0), s0);
    s1 = fma(x, v128.load(k0, 16), s1);
    s2 = fma(x, v128.load(k1), s2);
    s3 = fma(x, v128.load(k1, 16), s3);
    s4 = fma(x, v128.load(k2), s4);
    s5 = fma(x, v128.load(k2, 16), s5);
    s6 = fma(x, v128.load(k3), s6);
    s7 = fma(x, v128.load(k3, 16), s7);
    q += 4;
    k0 += 32;
    k1 += 32;
    k2 += 32;
    k3 += 32;
  }
  v128.store(scores, s0);
  v128.store(scores, s1, 16);
  v128.store(scores, s2, 32);
  v128.store(scores, s3, 48);
  v128.store(scores, s4, 64);
  v128.store(scores, s5, 80);
  v128.store(scores, s6, 96);
  v128.store(scores, s7, 112);
}

/** The same for at most eight channels, four positions at a time. */
function weighPanel(n: i32, cols: i32, weights: usize, values: usize, factor: f32, y: usize): void {
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let b0 = a0;
  let b1 = a0;
  let c0 = a0;
  let c1 = a0;
  let d0 = a0;
  let d1 = a0;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    let w = v128.load32_splat(weights);
    a0 = fma(w, v128.load(values), a0);
    a1 = fma(w, v128.load(values, 16), a1);
    w = v128.load32_splat(weights, 4);
    b0 = fma(w, v128.load(values, 32), b0);
    b1 = fma(w, v128.load(values, 48), b1);
    w = v128.load32_splat(weights, 8);
    c0 = fma(w, v128.load(values, 64), c0);
    c1 = fma(w, v128.load(values, 80), c1);
    w = v128.load32_splat(weights, 12);
    d0 = fma(w, v128.load(values, 96), d0);
    d1 = fma(w, v128.load(values, 112), d1);
    weights += 16;
    values += 128;
  }
  for (; i < n; i++) {
    const w = v128.load32_splat(weights);
    a0 = fma(w, v128.load(values), a0);
    a1 = fma(w, v128.load(values, 16), a1);
    weights += 4;
    values += 32;
  }
  const f = f32x4.splat(factor);
  const left = f32x4.mul(f32x4.add(f32x4.add(a0, b0), f32x4.add(c0, d0)), f);
  const right = f32x4.mul(f32x4.add(f32x4.add(a1, b1), f32x4.add(c1, d1)), f);
  if (cols === 8) {
    v128.store(y, left);
    v128.store(y, right, 16);
    return;
  }
  storeLanes(left, min(4, cols), y);
  storeLanes(right, cols - 4, y + 16);
}

function storeLanes(x: v128, lanes: i32, at: usize): void {
  if (lanes > 0) store<f32>(at, f32x4.extract_lane(x, 0));
  if (lanes > 1) store<f32>(at, f32x4.extract_lane(x, 1), 4);
  if (lanes > 2) store<f32>(at, f32x4.extract_lane(x, 2), 8);
  if (lanes > 3) store<f32>(at, f32x4.extract_lane(x, 3), 12);
}
