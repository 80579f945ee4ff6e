/** Puts a text on the clipboard and says so; where the browser forbids it, shows the text for copying by hand. */
import { notices } from './notices.ts';

/** A browser may ask the user first, who may never answer. */
const PATIENCE_MS = 3000;

/** `done` is said when it worked; `byHand` leads to the text when it did not. */
export async function copyText(text: string, done: string, byHand: string): Promise<void> {
  const { notify } = notices.getState();
  try {
    await answered(navigator.clipboard.writeText(text));
    notify('note', done);
  } catch {
    notify('note', byHand, { copy: text });
  }
}

function answered<T>(permitted: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => setTimeout(reject, PATIENCE_MS, new Error('No answer.')));
  return Promise.race([permitted, late]);
}
