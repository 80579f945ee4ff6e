import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNKNOWN } from '../../workers/contract.ts';
import { applyMask, type BrushSize, type Cell, drawLine, floodFill, lineCells, MASKS, maskKeeps } from './raster.ts';

const blank = (side: number) => new Int16Array(side * side).fill(UNKNOWN);

const rows = (tokens: Int16Array, side: number) =>
  Array.from({ length: side }, (_, y) =>
    Array.from(tokens.subarray(y * side, (y + 1) * side), (token) => (token === UNKNOWN ? '.' : String(token))).join(
      '',
    ),
  );

const cell = fc.record({ x: fc.integer({ min: -40, max: 40 }), y: fc.integer({ min: -40, max: 40 }) });

describe('a line', () => {
  it('has no gaps and joins both ends, whichever way it runs', () => {
    fc.assert(
      fc.property(cell, cell, (from, to) => {
        const cells = lineCells(from, to);
        expect(cells[0]).toEqual(from);
        expect(cells.at(-1)).toEqual(to);
        expect(cells).toHaveLength(Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y)) + 1);
        for (const [i, here] of cells.slice(1).entries()) {
          expect(Math.max(Math.abs(here.x - cells[i].x), Math.abs(here.y - cells[i].y))).toBe(1);
        }
      }),
    );
  });

  it('leaves the picture alone where it runs outside', () => {
    const side = 4;
    const drawn = drawLine(blank(side), side, { x: 2, y: 1 }, { x: 9, y: 1 }, 1, 7);
    expect(rows(drawn, side)).toEqual(['....', '..77', '....', '....']);
  });

  it.each<[BrushSize, string[]]>([
    [1, ['....', '.5..', '....', '....']],
    [2, ['....', '.55.', '.55.', '....']],
    [3, ['555.', '555.', '555.', '....']],
    [4, ['5555', '5555', '5555', '5555']],
  ])('is as wide as brush %i', (size, expected) => {
    const at: Cell = { x: 1, y: 1 };
    expect(rows(drawLine(blank(4), 4, at, at, size, 5), 4)).toEqual(expected);
  });

  it('gives back the same picture when nothing changes', () => {
    const tokens = blank(4);
    expect(drawLine(tokens, 4, { x: 0, y: 0 }, { x: 3, y: 3 }, 1, UNKNOWN)).toBe(tokens);
    expect(drawLine(tokens, 4, { x: -9, y: -9 }, { x: -5, y: -9 }, 1, 3)).toBe(tokens);
  });
});

describe('the fill', () => {
  it('stops at another colour and at corners', () => {
    const tokens = Int16Array.of(1, 1, 2, 1, 2, 1, 2, 1, 1);
    expect(rows(floodFill(tokens, 3, { x: 0, y: 0 }, 9), 3)).toEqual(['992', '921', '211']);
    expect(rows(tokens, 3)).toEqual(['112', '121', '211']);
  });

  it('does not leak from one edge of the picture to the other', () => {
    const tokens = Int16Array.of(1, 2, 3, 3, 2, 1, 1, 2, 3);
    expect(rows(floodFill(tokens, 3, { x: 2, y: 0 }, 9), 3)).toEqual(['129', '321', '123']);
  });

  it('fills unknown ground, and can make ground unknown', () => {
    expect(rows(floodFill(blank(2), 2, { x: 1, y: 1 }, 4), 2)).toEqual(['44', '44']);
    expect(rows(floodFill(Int16Array.of(4, 4, 4, 4), 2, { x: 0, y: 0 }, UNKNOWN), 2)).toEqual(['..', '..']);
  });
});

describe('a mask', () => {
  const whole = Int16Array.from({ length: 16 }, (_, i) => i % 10);

  it('hides the part that its name says', () => {
    const shapes = Object.fromEntries(MASKS.map((mask) => [mask, rows(applyMask(whole, null, 4, mask), 4)]));
    expect(shapes['top half']).toEqual(['0123', '4567', '....', '....']);
    expect(shapes['bottom half']).toEqual(['....', '....', '8901', '2345']);
    expect(shapes['left half']).toEqual(['01..', '45..', '89..', '23..']);
    expect(shapes['right half']).toEqual(['..23', '..67', '..01', '..45']);
    expect(shapes['top quarter']).toEqual(['0123', '....', '....', '....']);
    expect(shapes['centre hidden']).toEqual(['0123', '4..7', '8..1', '2345']);
    expect(shapes['all hidden']).toEqual(['....', '....', '....', '....']);
    expect(shapes['nothing hidden']).toEqual(['0123', '4567', '8901', '2345']);
  });

  it('brings hidden pixels back from the picture underneath and leaves drawn ones as they are', () => {
    const drawn = blank(4);
    drawn[0] = 9;
    expect(rows(applyMask(drawn, whole, 4, 'top half'), 4)).toEqual(['9123', '4567', '....', '....']);
  });

  it('splits a picture of odd height without losing a row', () => {
    for (let y = 0; y < 5; y++) {
      const at = { x: 0, y };
      expect(maskKeeps('top half', at, 5)).not.toBe(maskKeeps('bottom half', at, 5));
    }
  });
});
