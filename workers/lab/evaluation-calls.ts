/** The calls for evaluations, whose code is loaded with the first of them. */
import type { EvaluationCalls } from '../contract.ts';
import type { EvaluationsPlace } from './evaluate.ts';
import { lazily } from './lazily.ts';

export function evaluationCalls(place: EvaluationsPlace): EvaluationCalls {
  const calls = lazily(
    'evaluates models',
    () => import('./evaluate.ts'),
    ({ createEvaluations }) => createEvaluations(place),
  );
  return {
    evaluate: async (...args) => (await calls()).evaluate(...args),
    cancelEvaluation: async () => (await calls()).cancelEvaluation(),
  };
}
