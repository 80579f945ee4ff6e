/** Which of the pictures side by side is meant. */
import type { Run } from '../state/completion.ts';
import type { Variant } from './variant.ts';

/** A variant by its number, or the original beside them. */
export type Which = number | 'original';

export const nameOf = (which: Which): string => (which === 'original' ? 'Original' : `Completion ${which + 1}`);

export const variantOf = (run: Run | null, which: Which): Variant | null =>
  (which === 'original' ? run?.original : run?.variants[which]) ?? null;
