/** Pictures stored as one plane a colour, as CIFAR and STL-10 have them, to RGB side by side and back. */

/**
 * One square picture from planes of rows.
 * @param from [3, side, side] at `at`
 * @param to [side, side, 3] at `into`
 */
export function fromRowPlanes(from: Uint8Array, at: number, to: Uint8Array, into: number, side: number): void {
  const plane = side * side;
  for (let i = 0; i < plane; i++) {
    to[into + 3 * i] = from[at + i];
    to[into + 3 * i + 1] = from[at + plane + i];
    to[into + 3 * i + 2] = from[at + 2 * plane + i];
  }
}

/** The same backwards. */
export function toRowPlanes(from: Uint8Array, at: number, to: Uint8Array, into: number, side: number): void {
  const plane = side * side;
  for (let i = 0; i < plane; i++) {
    to[into + i] = from[at + 3 * i];
    to[into + plane + i] = from[at + 3 * i + 1];
    to[into + 2 * plane + i] = from[at + 3 * i + 2];
  }
}

/** One square picture from planes of columns: pixel (x, y) stands at x · side + y. */
export function fromColumnPlanes(from: Uint8Array, at: number, to: Uint8Array, into: number, side: number): void {
  const plane = side * side;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const source = at + x * side + y;
      const target = into + 3 * (y * side + x);
      to[target] = from[source];
      to[target + 1] = from[source + plane];
      to[target + 2] = from[source + 2 * plane];
    }
  }
}
