import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenDouble } from '../../tools/arbitraries.ts';
import { decodeTokens, encodePixels, paletteBytes } from './palette.ts';

/** The definition, colour by colour. */
function slowly(rgb: Uint8Array, palette: Float32Array): number[] {
  return Array.from({ length: rgb.length / 3 }, (_, i) => {
    const distances = Array.from({ length: palette.length / 3 }, (_, k) =>
      [0, 1, 2].reduce((sum, c) => sum + (palette[3 * k + c] - (rgb[3 * i + c] / 127.5 - 1)) ** 2, 0),
    );
    return distances.indexOf(Math.min(...distances));
  });
}

const palettes = fc
  .array(fc.tuple(...[0, 1, 2].map(() => evenDouble({ min: -1, max: 1 }))), { minLength: 2, maxLength: 40 })
  .map((colours) => Float32Array.from(colours.flat()));

function randomBytes(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

describe('tokens', () => {
  it('are the nearest colours, for any palette and any pixels', () => {
    fc.assert(
      fc.property(palettes, fc.uint8Array({ minLength: 30, maxLength: 30 }), (palette, rgb) => {
        expect([...encodePixels(rgb, palette)]).toEqual(slowly(rgb, palette));
      }),
      { numRuns: 2000 },
    );
  });

  it('are the first of equally near colours', () => {
    const palette = Float32Array.of(0.5, 0, 0, 1, 1, 1, 1, 1, 1, -1, -1, -1, 1, 1, 1);
    expect([...encodePixels(Uint8Array.of(255, 255, 255, 0, 0, 0), palette)]).toEqual([1, 3]);
  });

  it('of 10,000 pictures of 32 × 32 with 512 colours take seconds', () => {
    const palette = Float32Array.from(randomBytes(3 * 512, 1), (x) => x / 128 - 1);
    const rgb = randomBytes(10_000 * 1024 * 3, 2);
    const start = process.cpuUsage(); // not the clock: other programs must not fail this
    const tokens = encodePixels(rgb, palette);
    expect(process.cpuUsage(start).user).toBeLessThan(10e6);
    const few = rgb.subarray(0, 3000);
    expect([...tokens.subarray(0, 1000)]).toEqual(slowly(few, palette));
  });
});

describe('colours', () => {
  it('round and clamp to bytes', () => {
    expect([...paletteBytes(Float32Array.of(-1, 0, 1, -1.001, 1.001, 9 / 127.5 - 1))]).toEqual([
      0, 128, 255, 0, 255, 9,
    ]);
  });

  it('come back from tokens', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6);
    expect([...decodeTokens(Int16Array.of(1, 0, 1), bytes)]).toEqual([4, 5, 6, 1, 2, 3, 4, 5, 6]);
  });

  it('do not exist for unknown pixels or past the palette', () => {
    expect(() => decodeTokens(Int16Array.of(0, -1), new Uint8Array(6))).toThrow('pixel 1 has token -1');
    expect(() => decodeTokens(Int16Array.of(2), new Uint8Array(6))).toThrow(RangeError);
  });
});
