/** Announces that a completion has begun, and the pixel that the user moved to. How it ended is said by the bar beside its button. */
import { announce } from '../state/announcements.ts';
import { completion } from '../state/completion.ts';
import { inspection, spotOf } from '../state/inspection.ts';
import { counted } from '../ui/format.ts';
import { colourAt, placeOf } from './pixel.ts';
import { variantOf } from './which.ts';

export function speakOfCompletions(): void {
  completion.subscribe(({ run }, before) => {
    if (run?.status !== 'running' || run.id === before.run?.id) return;
    announce(`Making ${counted(run.variants.length, 'completion')}.`);
  });
}

/** The pixel is announced as it is when the user comes to it; what a completion changes there later is not. */
export function speakOfPixels(): void {
  inspection.subscribe((state, before) => {
    if (state.moves === before.moves) return;
    const { which, pixel } = spotOf(state);
    const { run } = completion.getState();
    const variant = variantOf(run, which);
    if (!run || !variant || pixel === null || pixel >= variant.tokens.length) return;
    announce(`${placeOf(run, pixel)}: ${colourAt(run, variant, pixel)}.`);
  });
}
