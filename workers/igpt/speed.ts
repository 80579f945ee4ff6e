/**
 * A short measurement that tells which way of computing is the faster one on a device, for the two kinds of work there
 * are: training multiplies many rows at once and is bound by arithmetic; decoding multiplies a row for each variant, one
 * small product after the other, and is bound by what starting each of them costs.
 */

/** Floating-point operations a second. */
export interface Speed {
  decoding: number;
  training: number;
}

/** The products to time, as a block of the small presets has them: [rows, k] × [k, n]. */
export const PROBE = {
  k: 128,
  n: 512,
  rowsTraining: 512,
  rowsDecoding: 8,
};
