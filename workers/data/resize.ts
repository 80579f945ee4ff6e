/**
 * Any picture to a small square: the centre square, then the exact mean over the area that each new pixel covers.
 * Whole factors give what tools/pretrain/prepare.py gives, bit for bit.
 */

/**
 * @param rgb bytes, [height, width, 3]
 * @returns bytes, [side, side, 3], halves rounded up
 */
export function resizeArea(rgb: Uint8Array, width: number, height: number, side: number): Uint8Array {
  const square = Math.min(width, height);
  const left = (width - square) >> 1;
  const top = (height - square) >> 1;
  const columns = coverage(square, side);
  // Sums stay whole and below 2^53 for any picture that fits into memory, so nothing is rounded before the end.
  const sums = new Float64Array(side * side * 3);
  const line = new Float64Array(side * 3);
  let row = -1;
  for (const { from, to, weight } of columns) {
    if (from !== row) {
      row = from;
      sumLine(line, rgb.subarray(3 * ((top + row) * width + left)), columns);
    }
    const at = to * side * 3;
    for (let i = 0; i < line.length; i++) sums[at + i] += weight * line[i];
  }
  const area = square * square;
  return Uint8Array.from(sums, (sum) => Math.floor((2 * sum + area) / (2 * area)));
}

/** An old pixel, a new pixel that shares area with it, and how much, in units of 1 / side of an old pixel. */
interface Overlap {
  from: number;
  to: number;
  weight: number;
}

/** How `square` old pixels lie under `side` new ones along one axis, in order; the weights of each new one sum to square. */
function coverage(square: number, side: number): Overlap[] {
  const overlaps: Overlap[] = [];
  let from = 0;
  let to = 0;
  while (from < square && to < side) {
    const start = Math.max(from * side, to * square);
    const oldEnd = (from + 1) * side;
    const newEnd = (to + 1) * square;
    overlaps.push({ from, to, weight: Math.min(oldEnd, newEnd) - start });
    if (oldEnd <= newEnd) from++;
    if (newEnd <= oldEnd) to++;
  }
  return overlaps;
}

/** Weighted sums along one row of old pixels. out: [side × 3]; pixels: the row from the square's left edge on. */
function sumLine(out: Float64Array, pixels: Uint8Array, columns: Overlap[]): void {
  out.fill(0);
  for (const { from, to, weight } of columns) {
    for (let c = 0; c < 3; c++) out[3 * to + c] += weight * pixels[3 * from + c];
  }
}
