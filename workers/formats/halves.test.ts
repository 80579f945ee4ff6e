import { describe, expect, it } from 'vitest';
import { bfloat16ToFloat32, float16ToFloat32, float32ToFloat16 } from './halves.ts';

const halves = (...bits: number[]) => Uint16Array.from(bits);
const narrowed = (...values: number[]) => [...float32ToFloat16(Float32Array.from(values))];
const ALL = Uint16Array.from({ length: 1 << 16 }, (_, i) => i);

describe('F16', () => {
  it('reads the values that the standard lists', () => {
    const known: [number, number][] = [
      [0x0001, 2 ** -24],
      [0x03ff, 2 ** -14 * (1023 / 1024)],
      [0x0400, 2 ** -14],
      [0x3555, 0.333251953125],
      [0x3bff, 0.99951171875],
      [0x3c00, 1],
      [0x3c01, 1.0009765625],
      [0x7bff, 65504],
      [0x7c00, Number.POSITIVE_INFINITY],
      [0xfc00, Number.NEGATIVE_INFINITY],
      [0xc000, -2],
      [0x8000, -0],
      [0x7e00, Number.NaN],
    ];
    for (const [bits, value] of known) expect(float16ToFloat32(halves(bits))[0]).toBe(value);
  });

  it('reads every pattern as the formula of the standard does', () => {
    const values = float16ToFloat32(ALL);
    for (const bits of ALL) {
      const sign = bits & 0x8000 ? -1 : 1;
      const exponent = (bits >> 10) & 31;
      const fraction = (bits & 1023) / 1024;
      const special = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
      const finite = exponent ? sign * 2 ** (exponent - 15) * (1 + fraction) : sign * 2 ** -14 * fraction;
      const expected = exponent === 31 ? special : finite;
      if (!Object.is(values[bits], expected)) expect.fail(`pattern ${bits} is ${values[bits]}, not ${expected}`);
    }
  });

  it('gives back all 65,536 patterns', () => {
    expect(float32ToFloat16(float16ToFloat32(ALL))).toEqual(ALL);
  });

  it('rounds to the nearest, ties to even', () => {
    expect(narrowed(1 + 2 ** -11, 1 + 3 * 2 ** -11, 1 + 2 ** -11 + 2 ** -20)).toEqual([0x3c00, 0x3c02, 0x3c01]);
    expect(narrowed(65519.996, 65520, -65520, 1e30)).toEqual([0x7bff, 0x7c00, 0xfc00, 0x7c00]);
    expect(narrowed(2 ** -25, 2 ** -25 * 1.001, 3 * 2 ** -25, 2 ** -26, -1e-30)).toEqual([0, 1, 2, 0, 0x8000]);
    expect(narrowed(2 ** -14 - 2 ** -26)).toEqual([0x0400]);
  });

  it('rounds like a search through all values', () => {
    const values = float16ToFloat32(ALL.subarray(0, 0x7c01)).map((x) => (x === Number.POSITIVE_INFINITY ? 65536 : x));
    for (let i = 0; i < values.length - 1; i++) {
      const middle = (values[i] + values[i + 1]) / 2;
      const even = i % 2 === 0 ? i : i + 1;
      const step = values[i + 1] - values[i];
      expect(narrowed(middle, middle - step / 64, middle + step / 64)).toEqual([even, i, i + 1]);
    }
  });

  it('keeps NaN a NaN even if its payload is lost', () => {
    const nan = new Float32Array(Uint32Array.of(0x7f800001, 0xffc00000).buffer);
    expect(float16ToFloat32(float32ToFloat16(nan))).toEqual(Float32Array.of(Number.NaN, Number.NaN));
  });
});

describe('BF16', () => {
  it('reads every pattern as the upper half of an F32', () => {
    const values = bfloat16ToFloat32(ALL);
    const bits = new Uint32Array(values.buffer);
    expect(bits.every((b, i) => b === i * 0x10000)).toBe(true);
    expect([...bfloat16ToFloat32(halves(0x3f80, 0xc049, 0x0001, 0x7f80, 0xff80, 0x7fc0))]).toEqual([
      1,
      -3.140625,
      2 ** -133,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ]);
  });
});
