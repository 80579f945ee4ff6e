/** What comes from outside of the page's own code, however broken: read by a schema, or refused with a sentence. */
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { loadExamples } from '../complete/examples.ts';
import { readLink, SHARED_DEFAULTS } from './url.ts';

afterEach(() => vi.unstubAllGlobals());

test('whatever a link says, every part of it is within bounds or told as unreadable', () => {
  const keys = fc.constantFrom('m', 'd', 'seed', 't', 'k', 'p', 'n', 'look', 'backend', 'constructor', '__proto__');
  const values = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.integer().map(String),
    fc.constantFrom('1e999', '-0', ''),
  );
  fc.assert(
    fc.property(fc.string(), fc.array(fc.tuple(keys, values)), (place, parts) => {
      const query = parts.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&');
      const { state, problems } = readLink(`#${place}?${query}`);
      for (const problem of problems) expect(problem).toMatch(/^This link .*\.$|^The .* in this link .*\.$/);
      const { seed, temperature, topK, topP, variants, model } = { ...SHARED_DEFAULTS, ...state };
      expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32).toBe(true);
      expect(temperature >= 0 && temperature <= 10).toBe(true);
      expect(Number.isInteger(topK) && topK >= 0).toBe(true);
      expect(topP >= 0 && topP <= 1).toBe(true);
      expect(Number.isInteger(variants) && variants >= 1 && variants <= 16).toBe(true);
      expect(model).toMatch(/^(\w[\w.-]{0,63})?$/);
    }),
    { numRuns: 2000 },
  );
});

test('whatever is remembered as a theme, one of the three is shown', async () => {
  const { theme, applyTheme } = await import('./theme.ts');
  const dataset: Record<string, string> = {};
  vi.stubGlobal('document', { documentElement: { dataset } });
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => {} }));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom('dark', 'light', null, 'toString')), (kept) => {
      vi.stubGlobal('localStorage', { getItem: () => kept });
      applyTheme();
      expect(theme.getState().theme).toBe(kept === 'dark' || kept === 'light' ? kept : 'system');
      expect(dataset.theme).toBe(kept === 'dark' ? 'dark' : 'light');
    }),
  );
});

test('whatever is served as examples, they are read or refused with a sentence', async () => {
  const nearly = fc.record(
    {
      model: fc.oneof(fc.string(), fc.integer()),
      side: fc.oneof(fc.integer({ min: -1, max: 3 }), fc.double()),
      palette: fc.array(fc.integer({ min: -1, max: 300 }), { maxLength: 6 }),
      sampling: fc.record({ temperature: fc.double(), topK: fc.integer(), topP: fc.double(), seed: fc.integer() }),
      pictures: fc.array(fc.record({ name: fc.string(), tokens: fc.array(fc.integer()) }), { maxLength: 2 }),
    },
    { requiredKeys: [] },
  );
  const bodies = fc.oneof(
    fc.string(),
    fc.jsonValue().map(String),
    nearly.map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      vi.stubGlobal('fetch', async () => new Response(body));
      const examples = await loadExamples('igpt-cifar-16').catch((error: Error) => error.message);
      if (typeof examples === 'string') expect(examples).toMatch(/^The example pictures .*\.$/);
      else expect(examples.pictures.every(({ tokens }) => tokens.length === examples.side ** 2)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
