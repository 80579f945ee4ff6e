import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resizeArea } from './resize.ts';

const grey = (...values: number[]) => Uint8Array.from(values.flatMap((x) => [x, x, x]));
const reds = (rgb: Uint8Array) => [...rgb].filter((_, i) => i % 3 === 0);

describe('a reduced picture', () => {
  it('is the mean of whole blocks, halves rounded up, as the training data is', () => {
    const pictures = fc
      .record({ factor: fc.integer({ min: 1, max: 5 }), side: fc.integer({ min: 1, max: 6 }) })
      .chain((s) => {
        const length = 3 * (s.factor * s.side) ** 2;
        return fc.record({ ...constant(s), rgb: fc.uint8Array({ minLength: length, maxLength: length }) });
      });
    fc.assert(
      fc.property(pictures, ({ factor, side, rgb }) => {
        const full = factor * side;
        const n = factor * factor;
        const expected = Array.from({ length: side * side * 3 }, (_, at) => {
          const [y, x, c] = [Math.floor(at / 3 / side), Math.floor(at / 3) % side, at % 3];
          let sum = 0;
          for (let i = 0; i < n; i++) {
            sum += rgb[((y * factor + Math.floor(i / factor)) * full + x * factor + (i % factor)) * 3 + c];
          }
          return ((2 * sum + n) / (2 * n)) | 0;
        });
        expect([...resizeArea(rgb, full, full, side)]).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('weighs pixels by the part that is covered', () => {
    // Three pixels on two: the middle one belongs to both halves. (2·10 + 40) / 3 = 20 and (40 + 2·100) / 3 = 80.
    expect(reds(resizeArea(grey(10, 40, 100, 10, 40, 100, 10, 40, 100), 3, 3, 2))).toEqual([20, 80, 20, 80]);
  });

  it('is what a plain sum over areas gives, for any sizes', () => {
    const sizes = fc.record({
      width: fc.integer({ min: 1, max: 14 }),
      height: fc.integer({ min: 1, max: 14 }),
      side: fc.integer({ min: 1, max: 9 }),
    });
    const pictures = sizes.chain((s) => {
      const length = 3 * s.width * s.height;
      return fc.record({ ...constant(s), rgb: fc.uint8Array({ minLength: length, maxLength: length }) });
    });
    fc.assert(
      fc.property(pictures, ({ width, height, side, rgb }) => {
        const square = Math.min(width, height);
        const [left, top] = [Math.floor((width - square) / 2), Math.floor((height - square) / 2)];
        const share = (from: number, to: number) =>
          Math.max(0, Math.min((from + 1) * side, (to + 1) * square) - Math.max(from * side, to * square));
        const out = resizeArea(rgb, width, height, side);
        for (let at = 0; at < out.length; at++) {
          const [y, x, c] = [Math.floor(at / 3 / side), Math.floor(at / 3) % side, at % 3];
          let sum = 0;
          for (let j = 0; j < square; j++) {
            for (let i = 0; i < square; i++) {
              sum += share(j, y) * share(i, x) * rgb[((top + j) * width + left + i) * 3 + c];
            }
          }
          expect(out[at]).toBe(Math.floor(sum / square ** 2 + 0.5));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('comes from the middle of a wide or a tall one', () => {
    expect(reds(resizeArea(grey(1, 2, 3, 4), 4, 1, 1))).toEqual([2]);
    expect(reds(resizeArea(grey(1, 2, 3, 4, 5), 1, 5, 1))).toEqual([3]);
  });

  it('repeats pixels when it is enlarged by a whole factor', () => {
    expect(reds(resizeArea(grey(1, 2, 3, 4), 2, 2, 4))).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
  });
});

/** Each value as an arbitrary that only gives this value. */
function constant<T extends Record<string, number>>(values: T) {
  return Object.fromEntries(Object.entries(values).map(([k, x]) => [k, fc.constant(x)])) as {
    [K in keyof T]: fc.Arbitrary<number>;
  };
}
