/** Softmax and cross-entropy in one: the surprise of a row's target, and to learn its gradient in place of the logits. */
import { exponentials, rowMax, scaleRow } from './softmax';
import { bytes, roundUp } from './vector';

/**
 * Σ weights[r] · (log Σ e^logits[r] − logits[r, targets[r]]) over the rows; then logits[r] become
 * weights[r] · (softmax − one-hot), the gradient. logits[rows, V] in rows of roundUp(V, 8) numbers; targets int32.
 */
export function crossEntropy(rows: i32, V: i32, logits: usize, targets: usize, weights: usize): f64 {
  const padded = roundUp(V, 8);
  let loss: f64 = 0;
  for (let r = 0; r < rows; r++) {
    const row = logits + bytes(r * padded);
    const wanted = row + bytes(load<i32>(targets + bytes(r)));
    const weight = load<f32>(weights + bytes(r));
    const logit = load<f32>(wanted);
    const top = rowMax(row, V);
    const sum = exponentials(row, V, padded, 1, top, row);
    loss += <f64>weight * (Math.log(sum) + <f64>(top - logit));
    scaleRow(row, padded, weight / sum);
    store<f32>(wanted, load<f32>(wanted) - weight);
  }
  return loss;
}

/**
 * out[r] = log Σ e^logits[r] − logits[r, targets[r]], the surprise of each row. logits[rows, V] in rows of roundUp(V, 8)
 * numbers, which do not stay; targets int32.
 */
export function surprises(rows: i32, V: i32, logits: usize, targets: usize, out: usize): void {
  const padded = roundUp(V, 8);
  for (let r = 0; r < rows; r++) {
    const row = logits + bytes(r * padded);
    const logit = load<f32>(row + bytes(load<i32>(targets + bytes(r))));
    const top = rowMax(row, V);
    const sum = exponentials(row, V, padded, 1, top, row);
    store<f32>(out + bytes(r), <f32>(Math.log(sum) + <f64>(top - logit)));
  }
}
