/** How good a classifier is on pictures that it has not learnt from. */
import type { Judgement } from '../contract.ts';

/** @param probabilities [n, classes] */
export function judge(probabilities: Float32Array, labels: ArrayLike<number>, classes: number): Judgement {
  const n = labels.length;
  const confusion = new Uint32Array(classes * classes);
  const predicted = new Uint16Array(n);
  const probability = new Float32Array(n);
  let right = 0;
  for (let i = 0; i < n; i++) {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    const best = row.reduce((top, p, c) => (p > row[top] ? c : top), 0);
    predicted[i] = best;
    probability[i] = row[best];
    confusion[labels[i] * classes + best]++;
    if (best === labels[i]) right++;
  }
  const accuracy = right / n;
  return { accuracy, standardError: Math.sqrt((accuracy * (1 - accuracy)) / n), confusion, predicted, probability };
}
