/** A run's course as a table: a row a step, empty where a step was not judged. */
import type { RunHistory } from '../../workers/contract.ts';

const HEAD = 'step,loss_nats,gradient_norm,learning_rate,seconds,validation_nats';
/** Where classes are learnt. */
const CLASS_HEAD = 'class_loss_nats,accuracy,validation_class_loss_nats,validation_accuracy';

export function csvOf({ loss, gradientNorm, rate, seconds, classes, validations }: RunHistory): string {
  const judged = new Map(validations.map((one) => [one.step, one]));
  const rows = Array.from(loss, (value, i) => {
    const then = judged.get(i + 1);
    const norm = Number.isFinite(gradientNorm[i]) ? gradientNorm[i] : ''; // a step of f16 that was skipped has none
    const row = [i + 1, value, norm, rate[i], seconds[i], then?.loss ?? ''];
    if (classes)
      row.push(classes.loss[i], classes.accuracy[i], then?.classes?.loss ?? '', then?.classes?.accuracy ?? '');
    return row.join(',');
  });
  return `${[classes ? `${HEAD},${CLASS_HEAD}` : HEAD, ...rows].join('\n')}\n`;
}
