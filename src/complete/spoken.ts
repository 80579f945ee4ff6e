/** That a completion has begun is announced here; how it ended, by the bar beside its button. */
import { announce } from '../state/announcements.ts';
import { completion } from '../state/completion.ts';
import { counted } from '../ui/format.ts';

export function speakOfCompletions(): void {
  completion.subscribe(({ run }, before) => {
    if (run?.status !== 'running' || run.id === before.run?.id) return;
    announce(`Making ${counted(run.variants.length, 'completion')}.`);
  });
}
