import { expect, test } from 'vitest';
import { swatchesOf } from './swatches.ts';

/** Greys, each another. */
const greys = (count: number) => Uint8Array.from({ length: 3 * count }, (_, i) => Math.floor(i / 3) % 256);

test.each([2, 40, 64, 65, 300, 512])(
  'each of %i colours is there once, and what is left of the last row is clear',
  (count) => {
    const { width, height, rgba } = swatchesOf(greys(count));
    expect(rgba.length).toBe(4 * width * height);
    expect(width * (height - 1)).toBeLessThan(count);
    const shown = Array.from({ length: width * height }, (_, i) => [...rgba.subarray(4 * i, 4 * i + 4)]);
    const opaque = shown.filter(([, , , alpha]) => alpha === 255);
    expect(opaque.map(([red]) => red).sort((a, b) => a - b)).toEqual(
      Array.from({ length: count }, (_, i) => i % 256).sort((a, b) => a - b),
    );
    expect(shown.slice(0, count)).toEqual(opaque);
  },
);
