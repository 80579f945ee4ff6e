/** The pictures that a classifier was most certain about, and wrong. */
import type { Judgement } from '../../workers/contract.ts';

/** Their places among the pictures judged, the most certain first. */
export function mistakesOf(
  { predicted, probability }: Pick<Judgement, 'predicted' | 'probability'>,
  labels: ArrayLike<number>,
  most: number,
): number[] {
  return Array.from(predicted, (_, place) => place)
    .filter((place) => predicted[place] !== labels[place])
    .sort((a, b) => probability[b] - probability[a])
    .slice(0, most);
}
