/**
 * Matrix products over tiles. matmul: C = A B for A read through two strides and B in panels (or row-major, with its row
 * as the step and 32 bytes as the panel). outer: C += Aᵀ B over many rows, the gradient of a weight matrix.
 */
import { pack } from './pack';
import { tile } from './tile';
import { bytes, quickSigmoid, roundUp } from './vector';

/** Rows of A that stay in the first-level cache while the panels of B pass by. */
const BLOCK: i32 = 64;
/** Rows that one pass of `outer` sums over: two panels of that many rows fit in the first-level cache. */
const CHUNK: i32 = 256;

/** Where a tile at the edge of C is made, 4 × 8. */
const edge = memory.data(128, 16);

/** c[m, n] = epilogue(a[m, k] b[k, n]); the epilogue as in tile.ts. All strides in bytes. */
export function matmul(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bPanel: usize,
  bStep: usize,
  c: usize,
  cRow: usize,
  bias: usize,
  mul: usize,
  add: usize,
  act: usize,
): void {
  for (let block = 0; block < m; block += BLOCK) {
    const end = min(m, block + BLOCK);
    for (let j = 0; j < n; j += 8) {
      const panel = b + <usize>(j >> 3) * bPanel;
      const column = bytes(j);
      const cols = min(8, n - j);
      for (let i = block; i < end; i += 4) {
        const rows = min(4, end - i);
        const from = a + <usize>i * aRow;
        const at = <usize>i * cRow + column;
        const bias8 = bias ? bias + column : 0;
        const mul8 = mul ? mul + at : 0;
        const add8 = add ? add + at : 0;
        const act8 = act ? act + at : 0;
        if (rows === 4 && cols === 8) {
          tile(4, k, from, aRow, aStep, panel, bStep, c + at, cRow, bias8, mul8, add8, act8);
        } else {
          tile(rows, k, from, aRow, aStep, panel, bStep, edge, 32, 0, 0, 0, 0);
          finish(rows, cols, c + at, cRow, bias8, mul8, add8, act8);
        }
      }
    }
  }
}

/** The epilogue of a tile at the edge, one number at a time. */
function finish(rows: i32, cols: i32, c: usize, cRow: usize, bias: usize, mul: usize, add: usize, act: usize): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const column = bytes(j);
      const at = <usize>i * cRow + column;
      let x = load<f32>(edge + bytes(8 * i) + column);
      if (bias) x += load<f32>(bias + column);
      if (mul) x *= load<f32>(mul + at);
      if (add) x += load<f32>(add + at);
      store<f32>(c + at, x);
      if (act) store<f32>(act + at, x * f32x4.extract_lane(quickSigmoid(f32x4.splat(x)), 0));
    }
  }
}

/** Bytes of `work` that `outer` needs for p × n. */
export function outerBytes(p: i32, n: i32): usize {
  return bytes(CHUNK * (roundUp(p, 8) + roundUp(n, 8)));
}

/**
 * c[p, n] += a[rows, p]ᵀ b[rows, n]: both are packed CHUNK rows at a time, so that tiles read straight lines instead of
 * columns a whole row apart. aRow and bRow in bytes; c has rows of n numbers.
 */
export function outer(
  rows: i32,
  p: i32,
  n: i32,
  a: usize,
  aRow: usize,
  b: usize,
  bRow: usize,
  c: usize,
  work: usize,
): void {
  const panel = bytes(8 * CHUNK);
  const packedB = work + bytes(CHUNK * roundUp(p, 8));
  const cRow = bytes(n);
  for (let from = 0; from < rows; from += CHUNK) {
    const m = min(CHUNK, rows - from);
    pack(m, p, a + <usize>from * aRow, aRow, work, panel);
    pack(m, n, b + <usize>from * bRow, bRow, packedB, panel);
    for (let i = 0; i < p; i += 8) {
      const at = c + <usize>i * cRow;
      const packedA = work + <usize>(i >> 3) * panel;
      matmul(min(8, p - i), n, m, packedA, 4, 32, packedB, panel, 32, at, cRow, 0, 0, at, 0);
    }
  }
}
