/** What comes from outside of the page's own code, however broken: read by a schema, or refused with a sentence. */
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { loadExamples } from '../complete/examples.ts';
import { readLink, SHARED_DEFAULTS } from './url.ts';

afterEach(() => vi.unstubAllGlobals());

/** Of all characters; fc.string() has printable ASCII alone. */
const anyText = fc.string({ unit: 'binary' });

test('whatever a link says, every part of it is within bounds or told as unreadable', () => {
  const keys = fc.constantFrom(
    ...['m', 'd', 'seed', 't', 'k', 'p', 'n', 'look', 'class', 'backend', 'constructor', '__proto__'],
  );
  const values = fc.oneof(
    anyText,
    fc.double().map(String),
    fc.integer().map(String),
    fc.constantFrom('1e999', '-0', ''),
  );
  fc.assert(
    fc.property(anyText, fc.array(fc.tuple(keys, values)), (place, parts) => {
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
    fc.property(fc.oneof(anyText, fc.constantFrom('dark', 'light', null, 'toString')), (kept) => {
      vi.stubGlobal('localStorage', { getItem: () => kept });
      applyTheme();
      expect(theme.getState().theme).toBe(kept === 'dark' || kept === 'light' ? kept : 'system');
      expect(dataset.theme).toBe(kept === 'dark' ? 'dark' : 'light');
    }),
  );
});

/** Examples as they should be served, [side, side] and in a palette. */
const examples = fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 6 })).chain(([side, colours]) => {
  const tokens = fc.array(fc.integer({ min: -1, max: colours - 1 }), {
    minLength: side ** 2,
    maxLength: side ** 2,
  });
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  const completion = fc.record({ tokens, bits: finite });
  const picture = fc.record({
    name: anyText,
    credit: anyText,
    tokens,
    drawing: tokens,
    completions: fc.array(completion, { maxLength: 2 }),
    originalBits: finite,
  });
  return fc.record({
    model: anyText,
    side: fc.constant(side),
    palette: fc.array(fc.nat(255), { minLength: 3 * colours, maxLength: 3 * colours }),
    sampling: fc.record({ temperature: finite, topK: fc.nat(), topP: finite, seed: fc.nat() }),
    pictures: fc.array(picture, { maxLength: 2 }),
  });
});

/** Examples with one part, however deep, replaced or taken away. */
const nearlyExamples = fc
  .tuple(examples, fc.nat(), fc.oneof(fc.integer({ min: -2, max: 300 }), fc.jsonValue(), fc.constant(undefined)))
  .map(([good, at, value]) => {
    const places: [object, string][] = [];
    const visit = (part: object): void => {
      for (const [key, inner] of Object.entries(part)) {
        places.push([part, key]);
        if (typeof inner === 'object') visit(inner);
      }
    };
    visit(good);
    const [part, key] = places[at % places.length];
    Object.assign(part, { [key]: value });
    return good;
  });

/** What the page makes of this body: how many pictures, or the sentence that refuses it. */
async function served(body: string): Promise<number | string> {
  vi.stubGlobal('fetch', async () => new Response(body));
  try {
    const { pictures, side, palette } = await loadExamples('igpt-cifar-16');
    for (const { tokens } of pictures) {
      expect(tokens).toHaveLength(side ** 2);
      expect(Math.max(-1, ...tokens)).toBeLessThan(palette.length / 3);
    }
    return pictures.length;
  } catch (error) {
    return (error as Error).message;
  }
}

test('examples of every size are read', async () => {
  await fc.assert(
    fc.asyncProperty(examples, async (good) => {
      expect(await served(JSON.stringify(good))).toBe(good.pictures.length);
    }),
  );
});

test('whatever is served as examples, they are read or refused with a sentence', async () => {
  const bodies = fc.oneof(
    anyText,
    fc.json(),
    nearlyExamples.map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const outcome = await served(body);
      if (typeof outcome === 'string') expect(outcome).toMatch(/^The example pictures .*\.$/);
    }),
    { numRuns: 500 },
  );
});
