/** The turns of an evaluation as they are announced: what is begun, and at the end every model's numbers. */
import { announce } from '../state/announcements.ts';
import { type EvaluationRun, evaluation } from '../state/evaluation.ts';
import { distance, nats } from './words.ts';

/** How an evaluation ended. */
export function outcomeOf({ dataset, models }: EvaluationRun): string {
  if (models.some(({ seconds }) => seconds === null)) {
    return 'The evaluation has stopped: what was measured so far stays.';
  }
  const numbers = models.map(({ model, found }) => {
    const told = [
      ...(found.likelihood ? [`${nats(found.likelihood.mean)} nats per pixel`] : []),
      ...(found.distance
        ? [`distance ${distance(found.distance.drawn)}, of real pictures ${distance(found.distance.floor)}`]
        : []),
    ];
    return told.length > 0 ? `${model.name}: ${told.join(', ')}.` : `${model.name} is done.`;
  });
  return [`Evaluated on ${dataset.name}.`, ...numbers].join(' ');
}

export function speakOfEvaluations(): void {
  evaluation.subscribe(({ working, run }, before) => {
    if (!run || (working === null) === (before.working === null)) return;
    announce(working ? `Evaluating on ${run.dataset.name} has started.` : outcomeOf(run));
  });
}
