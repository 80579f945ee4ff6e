/** Makes long courses short enough to be drawn, and noisy ones smooth enough to be read. */

/** Points of a line. */
export interface Line {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/**
 * At most about `most` points that look the same when they are drawn: of each stretch its lowest and its highest, in their
 * order, so that no peak is lost.
 */
export function thin({ x, y }: Line, most: number): { x: number[]; y: number[] } {
  const n = x.length;
  if (n <= most) return { x: Array.from(x), y: Array.from(y) };
  const kept: { x: number[]; y: number[] } = { x: [], y: [] };
  const stretches = Math.max(1, Math.floor(most / 2));
  for (let s = 0; s < stretches; s++) {
    const from = Math.floor((s * n) / stretches);
    const to = Math.floor(((s + 1) * n) / stretches);
    let low = from;
    let high = from;
    for (let i = from; i < to; i++) {
      if (y[i] < y[low]) low = i;
      if (y[i] > y[high]) high = i;
    }
    for (const i of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) {
      kept.x.push(x[i]);
      kept.y.push(y[i]);
    }
  }
  return kept;
}

/** Points a pixel of width that are worth drawing. */
const POINTS_PER_PIXEL = 2;

/** As it is drawn in a chart so many pixels wide. */
export const thinned = (line: Line, width: number): { x: number[]; y: number[] } =>
  thin(line, Math.max(200, POINTS_PER_PIXEL * width));

/**
 * A running mean that forgets: each value weighs `keep` times as much as the one after it. Corrected for its start, so that
 * it begins at the first value (Kingma & Ba 2015, section 3).
 */
export function smooth(values: ArrayLike<number>, keep: number): Float64Array {
  const smoothed = new Float64Array(values.length);
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < values.length; i++) {
    sum = keep * sum + (1 - keep) * values[i];
    weight = keep * weight + (1 - keep);
    smoothed[i] = sum / weight;
  }
  return smoothed;
}
