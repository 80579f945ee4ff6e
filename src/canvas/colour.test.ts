import { describe, expect, it } from 'vitest';
import { colourName, hex, nearestColour, type Rgb, seen } from './colour.ts';

describe('colours', () => {
  it.each<[string, Rgb]>([
    ['black', [0, 0, 0]],
    ['white', [255, 255, 255]],
    ['grey', [128, 128, 128]],
    ['red', [230, 30, 30]],
    ['orange', [255, 140, 0]],
    ['yellow', [250, 220, 20]],
    ['green', [40, 160, 50]],
    ['blue', [30, 90, 220]],
    ['violet', [130, 60, 220]],
    ['brown', [120, 75, 40]],
    ['dark blue', [10, 20, 80]],
    ['light blue', [170, 210, 250]],
  ])('are named as a person would: %s', (name, rgb) => {
    expect(colourName(rgb)).toBe(name);
  });

  it('have the published OKLab coordinates', () => {
    const red = seen([255, 0, 0]);
    expect(red.lightness).toBeCloseTo(0.628, 3);
    expect(red.chroma).toBeCloseTo(0.2577, 3);
    expect(red.hue).toBeCloseTo(29.23, 1);
  });

  it('are matched to the nearest entry, the first of equals', () => {
    const palette = Uint8Array.of(0, 0, 0, 250, 10, 10, 250, 10, 10, 255, 255, 255);
    expect(nearestColour(palette, [255, 0, 0])).toBe(1);
    expect(nearestColour(palette, [200, 200, 200])).toBe(3);
  });

  it('are written with six digits', () => {
    expect(hex([1, 16, 255])).toBe('#0110ff');
  });
});
