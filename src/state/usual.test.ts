import { afterEach, expect, it, vi } from 'vitest';
import { LARGE_MODEL, SMALL_MODEL } from '../complete/models.ts';

/** The model that a visit opens in a browser with this navigator, on a screen of this shorter side. */
async function usualWith(navigator: object, side = 1080): Promise<string> {
  vi.resetModules();
  vi.stubGlobal('navigator', navigator);
  vi.stubGlobal('screen', { width: side, height: 2 * side });
  const { findUsualModel } = await import('./usual.ts');
  return findUsualModel();
}

const finds = (adapter: unknown) => ({ gpu: { requestAdapter: async () => adapter } });

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it.each([
  ['a graphics card', { info: { vendor: 'nvidia', architecture: 'ada', isFallbackAdapter: false } }],
  ['an adapter that tells nothing', { info: { vendor: '', architecture: '' } }],
  ['an adapter without info', {}],
])('%s gets the large model', async (_, adapter) => {
  expect(await usualWith(finds(adapter))).toBe(LARGE_MODEL);
  expect(await usualWith(finds(adapter), 390)).toBe(SMALL_MODEL);
});

it.each([
  ['software by its flag', finds({ info: { isFallbackAdapter: true } })],
  ['software by its name alone', finds({ info: { vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' } })],
  ['no adapter', finds(null)],
  ['nothing', {}],
  ['an empty gpu', { gpu: undefined }],
  ['an adapter that cannot be asked for', { gpu: { requestAdapter: () => Promise.reject(new Error('no')) } }],
  [
    'an adapter that throws when it is asked for',
    {
      gpu: {
        requestAdapter: () => {
          throw new TypeError('no');
        },
      },
    },
  ],
])('where there is %s, the small model opens', async (_, navigator) => {
  expect(await usualWith(navigator)).toBe(SMALL_MODEL);
});

it('nobody waits long for an adapter', async () => {
  vi.useFakeTimers();
  const found = usualWith({ gpu: { requestAdapter: () => new Promise(() => {}) } });
  await vi.advanceTimersByTimeAsync(1000);
  expect(await found).toBe(SMALL_MODEL);
});
