import { afterEach, expect, test, vi } from 'vitest';
import { askToPersist } from './persist.ts';

afterEach(() => vi.unstubAllGlobals());

test.each([
  ['asks the person', { storage: { persist: vi.fn(() => new Promise(() => {})) } }],
  ['refuses', { storage: { persist: async () => Promise.reject(new Error('refused')) } }],
  ['throws', { storage: { persist: () => assertNever() } }],
  ['has no such thing', {}],
])('nothing waits for a browser that %s', async (_, navigator) => {
  vi.stubGlobal('navigator', navigator);
  expect(askToPersist()).toBeUndefined();
  await Promise.resolve();
});

function assertNever(): never {
  throw new Error('blocked');
}
