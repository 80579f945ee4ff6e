import { describe, expect, it } from 'vitest';
import { UNKNOWN } from '../../workers/contract.ts';
import { remap } from './remap.ts';

const BLACK_WHITE = Uint8Array.of(0, 0, 0, 255, 255, 255);
const WHITE_GREY_BLACK = Uint8Array.of(250, 250, 250, 128, 128, 128, 5, 5, 5);

describe('carrying a drawing to another model', () => {
  it('finds the nearest colour of the new palette and keeps unknown pixels', () => {
    const { picture, colour } = remap({ side: 2, palette: BLACK_WHITE }, { side: 2, palette: WHITE_GREY_BLACK });
    expect(picture(Int16Array.of(0, 1, UNKNOWN, 0))).toEqual(Int16Array.of(2, 0, UNKNOWN, 2));
    expect(colour(1)).toBe(0);
  });

  it('repeats pixels when the picture grows', () => {
    const { picture } = remap({ side: 2, palette: BLACK_WHITE }, { side: 4, palette: BLACK_WHITE });
    expect(picture(Int16Array.of(0, 1, UNKNOWN, 1))).toEqual(
      Int16Array.of(0, 0, 1, 1, 0, 0, 1, 1, UNKNOWN, UNKNOWN, 1, 1, UNKNOWN, UNKNOWN, 1, 1),
    );
  });

  it('averages what is known when the picture shrinks, and is unknown where most was', () => {
    const { picture } = remap({ side: 4, palette: BLACK_WHITE }, { side: 2, palette: WHITE_GREY_BLACK });
    const u = UNKNOWN;
    const tokens = Int16Array.of(0, 1, u, u, 1, 0, u, 1, 1, 1, u, 0, 1, 1, u, 0);
    expect(picture(tokens)).toEqual(Int16Array.of(1, UNKNOWN, 0, 2));
  });

  it('shrinks by a fraction without reading outside the picture', () => {
    const { picture } = remap({ side: 3, palette: BLACK_WHITE }, { side: 2, palette: BLACK_WHITE });
    expect(picture(new Int16Array(9).fill(1))).toEqual(new Int16Array(4).fill(1));
  });
});
