/** Brings every feature to mean 0 and deviation 1 over the pictures learnt from, as scikit-learn's StandardScaler. */

export interface Scaling {
  /** [width] each; a feature that never changes has the deviation 1. */
  mean: Float64Array;
  deviation: Float64Array;
}

/** @param features [n, width] */
export function scalingOf(features: Float32Array, width: number): Scaling {
  const count = features.length / width;
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  features.forEach((x, i) => {
    mean[i % width] += x / count;
  });
  features.forEach((x, i) => {
    square[i % width] += (x - mean[i % width]) ** 2 / count;
  });
  return { mean, deviation: square.map((s) => Math.sqrt(s) || 1) };
}

/** Rows [from, to) in the new scale. [to − from, width] */
export function scaled(features: Float32Array, { mean, deviation }: Scaling, from: number, to: number): Float32Array {
  const width = mean.length;
  const rows = features.slice(from * width, to * width);
  for (let i = 0; i < rows.length; i++) rows[i] = (rows[i] - mean[i % width]) / deviation[i % width];
  return rows;
}
