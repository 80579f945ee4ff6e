import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNKNOWN } from '../../workers/contract.ts';
import { type CodedDrawing, decodeDrawing, encodeDrawing } from './drawingCode.ts';

const anyDrawing: fc.Arbitrary<CodedDrawing> = fc
  .tuple(fc.integer({ min: 1, max: 24 }), fc.constantFrom(1, 2, 16, 512, 4096, 32768))
  .chain(([side, colours]) =>
    fc.record({
      side: fc.constant(side),
      tokens: fc.int16Array({ min: UNKNOWN, max: colours - 1, minLength: side * side, maxLength: side * side }),
    }),
  );

describe('the code of a drawing', () => {
  it('brings back every drawing exactly', () => {
    fc.assert(
      fc.property(anyDrawing, (drawing) => {
        expect(decodeDrawing(encodeDrawing(drawing))).toEqual(drawing);
      }),
    );
  });

  it('brings back the largest pictures of the page', () => {
    const drawing = { side: 64, tokens: Int16Array.from({ length: 4096 }, (_, i) => (i * 37) % 512) };
    expect(decodeDrawing(encodeDrawing(drawing))).toEqual(drawing);
  });

  it('keeps a link short', () => {
    const whole = Int16Array.from({ length: 256 }, (_, i) => (i * 37) % 512);
    const half = whole.map((token, i) => (i < 128 ? token : UNKNOWN));
    const speckled = whole.map((token, i) => (i % 2 ? token : UNKNOWN));
    expect(encodeDrawing({ side: 16, tokens: whole }).length).toBeLessThan(400);
    expect(encodeDrawing({ side: 16, tokens: half }).length).toBeLessThan(205);
    expect(encodeDrawing({ side: 16, tokens: speckled }).length).toBeLessThan(400);
    expect(encodeDrawing({ side: 32, tokens: new Int16Array(1024).fill(UNKNOWN) }).length).toBeLessThan(12);
  });

  it('uses only characters that a link leaves as they are', () => {
    fc.assert(
      fc.property(anyDrawing, (drawing) => {
        expect(encodeDrawing(drawing)).toMatch(/^[\w-]+$/);
      }),
    );
  });

  it('notices a changed character', () => {
    const code = encodeDrawing({ side: 8, tokens: Int16Array.from({ length: 64 }, (_, i) => (i * 7) % 512) });
    for (let i = 0; i < code.length - 1; i++) {
      const changed = code.slice(0, i) + (code[i] === 'A' ? 'B' : 'A') + code.slice(i + 1);
      expect(decodeDrawing(changed)).toBeNull();
    }
  });

  it('is refused, without a crash, when it is any other word', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.stringMatching(/^[\w-]*$/)), (word) => {
        const drawing = decodeDrawing(word);
        if (drawing) expect(drawing.tokens).toHaveLength(drawing.side ** 2);
      }),
    );
    expect(decodeDrawing('')).toBeNull();
  });
});
