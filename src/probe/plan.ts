/** What is probed, one after the other, for the models and comparisons that were chosen. */
import type { ProbeRequest } from '../../workers/contract.ts';
import { counted } from '../ui/format.ts';
import type { Candidate } from './candidates.ts';

/** How many labels there are to choose from; null takes all pictures. */
export const LABEL_COUNTS: readonly (number | null)[] = [40, 250, 4000, null];

export const labelsName = (count: number | null): string => (count === null ? 'All' : count.toLocaleString('en'));

/** What models are compared with. */
export interface Baselines {
  /** All layers of the same model together. */
  stacked: boolean;
  untrained: boolean;
  pixels: boolean;
}

export interface PlannedCurve {
  name: string;
  subject: ProbeRequest['subject'] | 'stacked';
  model: Candidate;
  labels: number | null;
}

/** The most labels first, and the models before what they are compared with, once for all that share it. */
export function planOf(models: Candidate[], labels: readonly (number | null)[], baselines: Baselines): PlannedCurve[] {
  const stacked = baselines.stacked ? models : [];
  const untrained = baselines.untrained ? firstOf(models, sizeOf) : [];
  const pixels = baselines.pixels ? firstOf(models, reductionOf) : [];
  return LABEL_COUNTS.filter((count) => labels.includes(count))
    .reverse()
    .flatMap((count) => [
      ...models.map((model) => ({ name: model.name, subject: 'model' as const, model, labels: count })),
      ...stacked.map((model) => ({ name: stackedName(model), subject: 'stacked' as const, model, labels: count })),
      ...untrained.map((model) => ({
        name: untrainedName(model),
        subject: 'untrained' as const,
        model,
        labels: count,
      })),
      ...pixels.map((model) => ({ name: pixelsName(model), subject: 'pixels' as const, model, labels: count })),
    ]);
}

/** Of what share an answer, the first. */
function firstOf(models: Candidate[], answer: (model: Candidate) => string): Candidate[] {
  const answers = models.map(answer);
  return models.filter((_, i) => answers.indexOf(answers[i]) === i);
}

const sizeOf = ({ key, size, palette, objective }: Candidate): string =>
  size && palette ? [size.layers, size.width, size.heads, size.side, palette.length, objective].join() : key;

const reductionOf = ({ key, size, palette }: Candidate): string =>
  size && palette ? `${size.side} ${palette.join()}` : key;

const stackedName = ({ name }: Candidate): string => `${name}, all layers together`;

const untrainedName = ({ name, size }: Candidate): string =>
  size ? `Untrained, ${counted(size.layers, 'layer')}, width ${size.width}` : `Untrained, as ${name}`;

const pixelsName = ({ name, size }: Candidate): string =>
  size ? `Raw pixels, ${size.side} × ${size.side}` : `Raw pixels, as for ${name}`;
