/** Brings every feature to mean 0 and deviation 1 over the pictures learnt from, as scikit-learn's StandardScaler. */
import { blocksOf, type Samples } from './samples.ts';
import { runPiece, type Work } from './work.ts';

export interface Scaling {
  /** [width] each; a feature that never changes has the deviation 1. */
  mean: Float64Array;
  deviation: Float64Array;
}

export async function scalingOf(samples: Samples, work: Work): Promise<Scaling> {
  const { width, labels } = samples;
  /** The mean over all samples of a function of each of their numbers. */
  const means = async (of: (x: number, column: number) => number): Promise<Float64Array> => {
    const sums = new Float64Array(width);
    for (const places of blocksOf(samples)) {
      await runPiece(work, async () => {
        const rows = samples.rows(places);
        for (let i = 0; i < rows.length; i++) sums[i % width] += of(rows[i], i % width);
      });
    }
    return sums.map((sum) => sum / labels.length);
  };
  const mean = await means((x) => x);
  const square = await means((x, column) => (x - mean[column]) ** 2);
  return { mean, deviation: square.map((s) => Math.sqrt(s) || 1) };
}

/** Rows in the new scale, in place. [n, width] */
export function scale(rows: Float32Array, { mean, deviation }: Scaling): Float32Array {
  const width = mean.length;
  for (let i = 0; i < rows.length; i++) rows[i] = (rows[i] - mean[i % width]) / deviation[i % width];
  return rows;
}
