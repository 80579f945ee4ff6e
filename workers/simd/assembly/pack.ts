/**
 * Panels: a matrix B[k, n] laid out as [n / 8][k][8], so that a tile reads eight columns in one straight line whatever n
 * is (Goto & van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication"). Columns beyond n are zero.
 */
import { bytes, roundUp } from './vector';

/** Packs the row-major src[rows, cols]; a source row is `row` bytes, a panel `panel` bytes (at least 32 · rows). */
export function pack(rows: i32, cols: i32, src: usize, row: usize, dst: usize, panel: usize): void {
  const whole = cols & -8;
  for (let j = 0; j < whole; j += 8) {
    let from = src + bytes(j);
    let to = dst + <usize>(j >> 3) * panel;
    for (let i = 0; i < rows; i++) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      from += row;
      to += 32;
    }
  }
  if (whole === cols) return;
  const edge = dst + <usize>(whole >> 3) * panel;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < 8; j++) {
      const from = src + <usize>i * row + bytes(whole + j);
      store<f32>(edge + bytes(8 * i) + bytes(j), whole + j < cols ? load<f32>(from) : 0);
    }
  }
}

/** Packs the transpose of the row-major src[rows, cols]: B[k = cols, n = rows]. */
export function packTransposed(rows: i32, cols: i32, src: usize, row: usize, dst: usize, panel: usize): void {
  const whole = cols & -4;
  for (let i = 0; i < rows; i += 4) {
    const to = dst + <usize>(i >> 3) * panel + bytes(i & 4);
    const from = src + <usize>i * row;
    if (i + 4 > rows) {
      packEdge(rows - i, 0, cols, from, row, to);
      continue;
    }
    for (let j = 0; j < whole; j += 4) transpose4(from + bytes(j), row, to + bytes(8 * j));
    packEdge(4, whole, cols, from, row, to);
  }
  // The last panel is half empty when the rows end in its first half.
  const last = roundUp(rows, 4);
  if ((last & 4) === 0) return;
  const to = dst + <usize>(last >> 3) * panel + 16;
  for (let j = 0; j < cols; j++) v128.store(to + bytes(8 * j), f32x4.splat(0));
}

/** Four rows of four numbers become four columns, 32 bytes apart. */
function transpose4(from: usize, row: usize, to: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + row);
  const r2 = v128.load(from + 2 * row);
  const r3 = v128.load(from + 3 * row);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
  v128.store(to, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7), 32);
  v128.store(to, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5), 64);
  v128.store(to, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7), 96);
}

/** Columns [begin, end) of up to four rows; rows that are not there are zero. */
function packEdge(rows: i32, begin: i32, end: i32, from: usize, row: usize, to: usize): void {
  for (let j = begin; j < end; j++) {
    for (let i = 0; i < 4; i++) {
      const x: f32 = i < rows ? load<f32>(from + <usize>i * row + bytes(j)) : 0;
      store<f32>(to + bytes(8 * j) + bytes(i), x);
    }
  }
}
