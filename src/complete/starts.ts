/** The classes that completions begin with, where the model knows any. */
import type { ModelInfo } from '../../workers/contract.ts';
import type { Run } from '../state/completion.ts';
import type { Which } from './which.ts';

/** Choices beside the model's own classes: none, and one after the other, a variant each. */
export const ANY = '';
export const EACH = '*';

type Knowing = Pick<ModelInfo, 'starts'>;

/** What variants begin with, in turn, as Sampling.starts has it; a class that the model does not know is none. */
export function startsFor(chosen: string, model: Knowing | null): number[] | undefined {
  const known = model?.starts;
  if (!known || chosen === ANY) return undefined;
  if (chosen === EACH) return known.map((_, place) => place);
  const place = known.indexOf(chosen);
  return place < 0 ? undefined : [place];
}

/** What one of the pictures began with; the original where all began alike. Undefined is the start symbol. */
export function startOf({ starts }: Pick<Run, 'starts'>, which: Which): number | undefined {
  if (which === 'original') return starts?.length === 1 ? starts[0] : undefined;
  return starts?.[which % starts.length];
}

/** Its name. */
export function classOf(run: Pick<Run, 'starts' | 'model'>, which: Which): string | undefined {
  const start = startOf(run, which);
  return start === undefined ? undefined : run.model?.starts?.[start];
}
