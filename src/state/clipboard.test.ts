import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { copyText } from './clipboard.ts';
import { notices } from './notices.ts';

beforeEach(() => notices.setState({ shown: [] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const clipboard = (writeText: () => Promise<void>) => vi.stubGlobal('navigator', { clipboard: { writeText } });
const copy = () => copyText('0123', 'Copied.', 'Copy this by hand:');

test('what was copied is said', async () => {
  clipboard(async () => {});
  await copy();
  expect(notices.getState().shown).toMatchObject([{ text: 'Copied.' }]);
});

test('the text is shown where the browser refuses, has no clipboard, or is never answered', async () => {
  vi.useFakeTimers();
  for (const refuse of [
    () => clipboard(() => Promise.reject(new Error('not allowed'))),
    () => vi.stubGlobal('navigator', {}),
    () => clipboard(() => new Promise(() => {})),
  ]) {
    notices.setState({ shown: [] });
    refuse();
    const copied = copy();
    await vi.advanceTimersByTimeAsync(3000);
    await copied;
    expect(notices.getState().shown).toMatchObject([{ text: 'Copy this by hand:', more: { copy: '0123' } }]);
  }
});
