/** Names in zip archives come out as they went in, whatever code page the packer had. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runsOf } from '../../../tools/arbitraries.ts';
import { decodeNames } from './zip-names.ts';

const LETTERS = {
  /** Bytes of Russian letters in code page 866. Source: Unicode's CP866.TXT. */
  866: Object.fromEntries(
    [...'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмноп', ...'рстуфхцчшщъыьэюяЁё'].map((letter, i) => [
      letter,
      i < 48 ? 0x80 + i : 0xe0 + i - 48,
    ]),
  ),
  /** Bytes of western letters in code page 437. Source: Unicode's CP437.TXT. */
  437: { ü: 0x81, é: 0x82, ä: 0x84, à: 0x85, ç: 0x87, è: 0x8a, Ä: 0x8e, ö: 0x94, Ö: 0x99, ß: 0xe1, ñ: 0xa4 },
} as const;

const name = (text: string, page: 437 | 866) => {
  const map: Record<string, number> = LETTERS[page];
  return { bytes: Uint8Array.from(text, (c) => map[c] ?? c.charCodeAt(0)), isUtf8: false, unicode: undefined };
};
const russian = fc.string({ unit: fc.constantFrom(...Object.keys(LETTERS[866])), minLength: 2, maxLength: 8 });
const western = fc
  .tuple(
    fc.stringMatching(/^[a-z]{1,4}$/),
    fc.constantFrom(...Object.keys(LETTERS[437])),
    fc.stringMatching(/^[a-z]{1,4}$/),
  )
  .map((parts) => parts.join(''));
const path = (word: fc.Arbitrary<string>) =>
  fc.array(
    fc.tuple(word, fc.nat(99)).map(([w, n]) => `${w}/${n}.png`),
    { minLength: 1 },
  );

it('in code page 866', () => {
  fc.assert(
    fc.property(path(russian), (texts) => {
      // A few bytes may happen to be UTF-8 as well, and nobody could tell.
      fc.pre(texts.some((text) => new TextDecoder().decode(name(text, 866).bytes).includes('\ufffd')));
      expect(decodeNames(texts.map((text) => name(text, 866)))).toEqual(texts);
    }),
    { numRuns: runsOf(300) },
  );
});

it('in code page 437', () => {
  fc.assert(
    fc.property(path(western), (texts) => {
      expect(decodeNames(texts.map((text) => name(text, 437)))).toEqual(texts);
    }),
    { numRuns: runsOf(300) },
  );
});

it('in UTF-8, with and without saying so, and in the field for Unicode', () => {
  const bytes = new TextEncoder().encode('кот/Möwe.png');
  for (const isUtf8 of [true, false]) {
    expect(decodeNames([{ bytes, isUtf8, unicode: undefined }])).toEqual(['кот/Möwe.png']);
  }
  expect(decodeNames([{ bytes: Uint8Array.of(0x8e), isUtf8: false, unicode: 'Ä' }])).toEqual(['Ä']);
});
