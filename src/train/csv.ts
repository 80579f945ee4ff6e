/** A run's course as a table: a row a step, empty where a step was not judged. */
import type { RunHistory } from '../../workers/contract.ts';

const HEAD = 'step,loss_nats,gradient_norm,learning_rate,seconds,validation_nats';

export function csvOf({ loss, gradientNorm, rate, seconds, validations }: RunHistory): string {
  const judged = new Map(validations.map((one) => [one.step, one.loss]));
  const rows = Array.from(loss, (value, i) =>
    [i + 1, value, gradientNorm[i], rate[i], seconds[i], judged.get(i + 1) ?? ''].join(','),
  );
  return `${[HEAD, ...rows].join('\n')}\n`;
}
