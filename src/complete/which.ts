/** Which of the pictures side by side is meant. */
import type { Run } from '../state/completion.ts';
import { classOf } from './starts.ts';
import type { Variant } from './variant.ts';

/** A variant by its number, or the original beside them. */
export type Which = number | 'original';

export const nameOf = (which: Which): string => (which === 'original' ? 'Original' : `Completion ${which + 1}`);

/** With the class that it began with, where there is one: “Completion 3, ship”. */
export function fullName(run: Run, which: Which): string {
  const begun = which === 'original' ? undefined : classOf(run, which);
  return begun === undefined ? nameOf(which) : `${nameOf(which)}, ${begun}`;
}

export const variantOf = (run: Run | null, which: Which): Variant | null =>
  (which === 'original' ? run?.original : run?.variants[which]) ?? null;
