/** The turns of a probe as they are announced: what is begun, and at the end the best layer of every curve. */
import { announce } from '../state/announcements.ts';
import { bestOf, type Experiment, probing } from '../state/probing.ts';
import { percent } from '../ui/format.ts';

/** How a probe ended. */
export function outcomeOf({ dataset, curves }: Experiment): string {
  if (curves.some(({ summary }) => summary === null)) return 'The probe has stopped: what was measured so far stays.';
  const best = curves.flatMap(({ name, results }) => {
    const { layers, accuracy } = results[bestOf(results)];
    return layers.length === 1
      ? `${name}: best layer ${layers[0]}, ${percent(accuracy)}.`
      : `${name}: ${percent(accuracy)}.`;
  });
  return [`Probed on ${dataset.name}.`, ...best].join(' ');
}

export function speakOfProbes(): void {
  probing.subscribe(({ working, experiment }, before) => {
    if (!experiment || (working === null) === (before.working === null)) return;
    announce(working ? `Probing on ${experiment.dataset.name} has started.` : outcomeOf(experiment));
  });
}
