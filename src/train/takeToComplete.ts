/** Hands a run's weights to Complete, as they are now if the run is under way; training goes on meanwhile. */
import { session } from '../state/session.ts';
import { workspace } from '../state/workspace.ts';

export async function takeToComplete(run: string): Promise<void> {
  await session.getState().openModel({ kind: 'run', run, which: 'last' });
  if (session.getState().model?.id === 'run') workspace.getState().show('complete');
}
