import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Lifetime, place } from './arena.ts';

const lifetime = fc
  .tuple(fc.nat(30), fc.nat(10), fc.integer({ min: 4, max: 4000 }))
  .map(([first, length, bytes]): Lifetime => ({ first, last: first + length, bytes }));

it('never gives memory to two temporaries that are alive at once, and always enough of it', () => {
  fc.assert(
    fc.property(fc.array(lifetime, { maxLength: 40 }), (list) => {
      const { slabs, slabOf } = place(new Map(list.map((l, i) => [i, l])));
      list.forEach((a, i) => {
        expect(slabs[slabOf.get(i)!]).toBeGreaterThanOrEqual(a.bytes);
        list.forEach((b, j) => {
          const together = a.first <= b.last && b.first <= a.last;
          if (i !== j && together) expect(slabOf.get(i)).not.toBe(slabOf.get(j));
        });
      });
    }),
  );
});

it('needs two slabs for a chain, however long', () => {
  const chain = Array.from({ length: 50 }, (_, i): [number, Lifetime] => [i, { first: i, last: i + 1, bytes: 100 }]);
  expect(place(new Map(chain)).slabs).toEqual([100, 100]);
});

it('keeps what lives long out of what is large and free for a moment only', () => {
  const kept = { first: 2, last: 9, bytes: 10 };
  const moments = [0, 3, 6].map((first): [string, Lifetime] => [
    `large ${first}`,
    { first, last: first + 1, bytes: 100 },
  ]);
  const { slabs } = place(new Map([...moments, ['kept', kept]]));
  expect(slabs).toEqual([100, 10]);
});
