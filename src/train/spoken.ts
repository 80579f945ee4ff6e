/** The turns of a run as they are announced: started, paused, stopped, done. */
import { announce } from '../state/announcements.ts';
import { type OpenRun, training } from '../state/training.ts';

/** What is said when a run has become what it is; undefined for what is the course of things. */
export function turnOf(now: OpenRun | null, before: OpenRun | null): string | undefined {
  if (!now || now.info.id !== before?.info.id) return now?.info.phase === 'running' ? begun(now) : undefined;
  const { phase, step, name, note, best } = now.info;
  const at = `at step ${step.toLocaleString('en')}`;
  // A single step ends in a pause too.
  const isTurn = phase !== before.info.phase || (phase === 'paused' && step > before.info.step);
  if (!isTurn) return undefined;
  if (phase === 'running') return begun(now);
  if (phase === 'paused') {
    const loss = now.history.loss.at(-1);
    const told = loss === undefined ? '' : `, loss ${loss.toFixed(3)} nats per pixel`;
    return [`${name} is paused ${at}${told}.`, note].filter(Boolean).join(' ');
  }
  if (phase === 'resting') return `${name} has stopped ${at}, and is saved.`;
  if (phase !== 'finished') return undefined;
  return `${name} is done ${at}.${best ? ` Best loss on held-out pictures: ${best.loss.toFixed(3)} nats per pixel.` : ''}`;
}

const begun = ({ info: { name, step } }: OpenRun): string =>
  step > 1 ? `${name} goes on from step ${step.toLocaleString('en')}.` : `The training of ${name} has started.`;

export function speakOfRuns(): void {
  training.subscribe(({ open }, before) => {
    const turn = open === before.open ? undefined : turnOf(open, before.open);
    if (turn) announce(turn);
  });
}
