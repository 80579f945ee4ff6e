/** What is left between the products: GELU's gradient, sums of columns, embeddings and their gradients. */
import { bytes, fma, quickSigmoid } from './vector';

/** For n numbers, a multiple of 4: g = u σ(1.702 u), and u becomes the slope σ (1 + 1.702 u (1 − σ)). */
export function geluGradient(n: i32, u: usize, g: usize): void {
  const one = f32x4.splat(1);
  for (let i: usize = 0, end = bytes(n); i < end; i += 16) {
    const x = v128.load(u + i);
    const s = quickSigmoid(x);
    v128.store(g + i, f32x4.mul(x, s));
    const inner = f32x4.mul(f32x4.mul(x, f32x4.splat(1.702)), f32x4.sub(one, s));
    v128.store(u + i, fma(s, inner, s));
  }
}

/** sums[n] += the rows of x[rows, n], n a multiple of 4: the gradient of a bias. */
export function columnSums(rows: i32, n: i32, x: usize, sums: usize): void {
  const end = bytes(n);
  for (let r = 0; r < rows; r++) {
    addRow(end, x, sums);
    x += end;
  }
}

/** x[rows, d] = wte[inputs] + wpe[row mod T]; an input below 0 has its place alone. inputs int32. */
export function embed(rows: i32, T: i32, first: i32, d: i32, inputs: usize, wte: usize, wpe: usize, x: usize): void {
  const end = bytes(d);
  for (let r = 0; r < rows; r++) {
    memory.copy(x, wpe + <usize>(first + (r % T)) * end, end);
    const input = load<i32>(inputs + bytes(r));
    if (input >= 0) addRow(end, wte + <usize>input * end, x);
    x += end;
  }
}

/** dwte and dwpe += the rows of dx, one after the other, so that every run adds in the same order. */
export function embedGradient(rows: i32, T: i32, d: i32, inputs: usize, dx: usize, dwte: usize, dwpe: usize): void {
  const end = bytes(d);
  for (let r = 0; r < rows; r++) {
    addRow(end, dx, dwpe + <usize>(r % T) * end);
    const input = load<i32>(inputs + bytes(r));
    if (input >= 0) addRow(end, dx, dwte + <usize>input * end);
    dx += end;
  }
}

function addRow(bytes: usize, x: usize, sum: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(sum + i, f32x4.add(v128.load(sum + i), v128.load(x + i)));
}
