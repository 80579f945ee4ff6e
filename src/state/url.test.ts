import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNKNOWN } from '../../workers/contract.ts';
import { readLink, SHARED_DEFAULTS, type Shared, WORKSPACES, writeLink } from './url.ts';

const drawing = fc.integer({ min: 1, max: 12 }).chain((side) =>
  fc.record({
    side: fc.constant(side),
    tokens: fc.int16Array({ min: UNKNOWN, max: 511, minLength: side * side, maxLength: side * side }),
  }),
);

const shared: fc.Arbitrary<Shared> = fc.record({
  model: fc.oneof(fc.constant(''), fc.stringMatching(/^\w[\w.-]{0,63}$/)),
  drawing: fc.option(drawing),
  seed: fc.integer({ min: 0, max: 0xffffffff }),
  temperature: fc.double({ min: 0, max: 10, noNaN: true }),
  topK: fc.integer({ min: 0, max: 512 }),
  topP: fc.double({ min: 0, max: 1, noNaN: true }),
  variants: fc.integer({ min: 1, max: 16 }),
  lookAhead: fc.boolean(),
  class: fc.string({ unit: 'binary', maxLength: 200 }),
  backend: fc.constantFrom('auto', 'webgpu', 'wasm', 'webgl', 'cpu'),
  memory: fc.integer({ min: 0, max: 1e6 }),
});

describe('a link', () => {
  it('brings back everything that it was made from', () => {
    fc.assert(
      fc.property(fc.constantFrom(...WORKSPACES), shared, (workspace, state) => {
        const link = readLink(writeLink(workspace, state));
        expect(link.problems).toEqual([]);
        expect(link.workspace).toBe(workspace);
        expect({ ...SHARED_DEFAULTS, ...link.state }).toEqual(state);
      }),
    );
  });

  it('leaves out what is as usual', () => {
    expect(writeLink('complete', SHARED_DEFAULTS)).toBe('#complete');
    expect(writeLink('about', { ...SHARED_DEFAULTS, model: 'xs', temperature: 0.9, lookAhead: true })).toBe(
      '#about?m=xs&t=0.9&look=1',
    );
  });

  it('carries a whole 16 by 16 drawing in fewer than 450 characters', () => {
    const tokens = Int16Array.from({ length: 256 }, (_, i) => 511 - i);
    expect(writeLink('complete', { ...SHARED_DEFAULTS, drawing: { side: 16, tokens } }).length).toBeLessThan(450);
  });

  it('may be empty', () => {
    for (const hash of ['', '#', '#complete', '#complete?']) {
      expect(readLink(hash)).toEqual({ workspace: 'complete', state: {}, problems: [] });
    }
  });

  it.each([
    ['#complete?t=hot', 'The temperature in this link could not be read; 1 is used instead.'],
    ['#complete?t=', 'The temperature in this link could not be read; 1 is used instead.'],
    ['#complete?t=-1', 'The temperature in this link could not be read; 1 is used instead.'],
    ['#complete?seed=1.5', 'The seed in this link could not be read; 1 is used instead.'],
    ['#complete?n=17', 'The number of variants in this link could not be read; 8 is used instead.'],
    ['#complete?look=yes', 'The look-ahead in this link could not be read; off is used instead.'],
    ['#complete?class=', 'The class in this link could not be read; none is used instead.'],
    ['#complete?backend=abacus', 'The backend in this link could not be read; the fastest one is used instead.'],
    ['#complete?m=../../etc', 'The model in this link could not be read; the usual model is used instead.'],
    ['#complete?d=AAAA', 'The drawing in this link could not be read; an example is used instead.'],
    ['#nowhere', 'This link names no part of this page; Complete is shown.'],
    ['#complete?x=1', 'This link has a part that this page does not know; it is ignored.'],
  ])('says what is wrong with %s', (hash, problem) => {
    expect(readLink(hash)).toEqual({ workspace: 'complete', state: {}, problems: [problem] });
  });

  it('keeps its good parts when one is mangled', () => {
    const { state, problems } = readLink('#complete?m=xs&t=%E0%A4%A&seed=7');
    expect(state).toEqual({ model: 'xs', seed: 7 });
    expect(problems).toHaveLength(1);
  });

  it('never crashes the page, however it was mangled', () => {
    const mutated = fc
      .tuple(shared, fc.nat(), fc.nat({ max: 12 }), fc.string({ unit: 'binary', maxLength: 12 }))
      .map(([state, at, cut, inserted]) => {
        const link = writeLink('complete', state);
        const from = at % (link.length + 1);
        return link.slice(0, from) + inserted + link.slice(from + cut);
      });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string({ unit: 'binary' })), (hash) => {
        const { workspace, state, problems } = readLink(hash);
        expect(WORKSPACES).toContain(workspace);
        for (const problem of problems) expect(problem).toMatch(/^T.*\.$/);
        if (state.drawing) expect(state.drawing.tokens).toHaveLength(state.drawing.side ** 2);
      }),
    );
  });
});
