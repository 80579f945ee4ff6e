import { describe, expect, it } from 'vitest';
import { UNKNOWN } from '../../workers/contract.ts';
import { type Inks, paint } from './paint.ts';

const inks: Inks = { unknownA: [1, 1, 1], unknownB: [2, 2, 2], paper: [200, 200, 200], accent: [0, 0, 255] };
const palette = Uint8Array.of(10, 20, 30, 100, 100, 100);

const painted = (tokens: Int16Array, overlay?: Float32Array) => {
  const rgba = new Uint8ClampedArray(tokens.length * 4);
  paint({ tokens, palette, side: Math.sqrt(tokens.length), overlay }, inks, rgba);
  return Array.from({ length: tokens.length }, (_, i) => Array.from(rgba.subarray(4 * i, 4 * i + 4)));
};

describe('a painted picture', () => {
  it('shows known pixels in their colours and unknown ones as a checkerboard, opaque throughout', () => {
    expect(painted(Int16Array.of(0, UNKNOWN, UNKNOWN, UNKNOWN))).toEqual([
      [10, 20, 30, 255],
      [2, 2, 2, 255],
      [2, 2, 2, 255],
      [1, 1, 1, 255],
    ]);
  });

  it('under a heat map fades where it is cold, is accent where it is hot, and takes values out of range as the ends', () => {
    const [cold, hot, below, above] = painted(Int16Array.of(1, 1, 1, 1), Float32Array.of(0, 1, -3, 9));
    expect(cold).toEqual([170, 170, 170, 255]);
    expect(hot).toEqual([0, 0, 255, 255]);
    expect(below).toEqual(cold);
    expect(above).toEqual(hot);
  });
});
