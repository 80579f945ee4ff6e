import { afterEach, expect, test, vi } from 'vitest';
import { nameKnownLanguage } from './language.ts';

afterEach(() => vi.unstubAllGlobals());

test.each([
  ['C', 'en'],
  ['', 'en'],
  ['de-CH', 'de-CH'],
])('a browser that speaks "%s" is taken for one that speaks "%s"', (language, known) => {
  class Navigator {
    get language() {
      return language;
    }
  }
  vi.stubGlobal('navigator', new Navigator());
  nameKnownLanguage();
  expect(navigator.language).toBe(known);
  expect(() => new Intl.NumberFormat(navigator.language)).not.toThrow();
});
