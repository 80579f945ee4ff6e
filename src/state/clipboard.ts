/** Puts a text on the clipboard and says so; where the browser forbids it, shows the text for copying by hand. */
import { notices } from './notices.ts';

/** `done` is said when it worked; `byHand` leads to the text when it did not. */
export async function copyText(text: string, done: string, byHand: string): Promise<void> {
  const { notify } = notices.getState();
  try {
    await navigator.clipboard.writeText(text);
    notify('note', done);
  } catch {
    notify('note', byHand, { copy: text });
  }
}
