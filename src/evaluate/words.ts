/** How far an evaluation is, in words, and its numbers as people read them. */
import type { EvaluationProgress } from '../../workers/contract.ts';
import { duration } from '../ui/format.ts';

const VERBS: Record<EvaluationProgress['stage'], string> = {
  likelihood: 'Scored',
  samples: 'Drew',
  features: 'Features of',
  nearest: 'Searched',
};

/** Left out while the first pictures are on their way, and where next to nothing is left. */
const WORTH_TELLING = 2;

export function words(progress: EvaluationProgress | null): string {
  if (!progress) return 'Opening the model';
  const { stage, done, total, secondsLeft } = progress;
  const of = `${VERBS[stage]} ${Math.floor(done).toLocaleString('en')} of ${total.toLocaleString('en')} pictures`;
  return secondsLeft !== null && secondsLeft > WORTH_TELLING ? `${of}, ${duration(secondsLeft)} left` : of;
}

export const nats = (value: number): string => value.toFixed(4);

/** 2.71364, 0.0333 → "2.7136 ± 0.0333" */
export const withError = (value: number, error: number | null): string =>
  error === null ? nats(value) : `${nats(value)} ± ${nats(error)}`;

export const bits = (inNats: number): number => inNats / Math.LN2;

/** What scored pictures began with, where the model knows classes. */
export function begunWith(byClass: number, pictures: number): string {
  if (byClass === 0) return 'the start symbol';
  return byClass === pictures ? 'their class' : `their class, ${byClass.toLocaleString('en')} of them`;
}

/** Of a distance, which has no unit of its own. */
export const distance = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 3 });
