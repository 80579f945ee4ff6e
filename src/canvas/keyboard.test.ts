import { describe, expect, it } from 'vitest';
import { UNKNOWN } from '../../workers/contract.ts';
import { describeCell, movedCursor } from './cursor.ts';
import { type KeyPress, shortcutOf, steppedSize } from './shortcuts.ts';

const press = (key: string, held: Partial<KeyPress> = {}) =>
  shortcutOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held });

describe('the cursor', () => {
  it('moves by arrows, jumps within its row, and stays inside', () => {
    expect(movedCursor({ x: 1, y: 1 }, 'ArrowUp', 4)).toEqual({ x: 1, y: 0 });
    expect(movedCursor({ x: 3, y: 1 }, 'ArrowRight', 4)).toEqual({ x: 3, y: 1 });
    expect(movedCursor({ x: 2, y: 3 }, 'Home', 4)).toEqual({ x: 0, y: 3 });
    expect(movedCursor({ x: 2, y: 3 }, 'End', 4)).toEqual({ x: 3, y: 3 });
    expect(movedCursor({ x: 2, y: 3 }, 'a', 4)).toBeNull();
  });

  it('says where it is and what is there', () => {
    const palette = Uint8Array.of(230, 30, 30);
    expect(describeCell({ x: 1, y: 0 }, Int16Array.of(UNKNOWN, 0, UNKNOWN, UNKNOWN), 2, palette)).toBe(
      'row 1, column 2, red',
    );
    expect(describeCell({ x: 0, y: 1 }, Int16Array.of(UNKNOWN, 0, UNKNOWN, UNKNOWN), 2, palette)).toBe(
      'row 2, column 1, unknown',
    );
  });
});

describe('shortcuts', () => {
  it('choose tools by letter, whatever the case', () => {
    expect(press('b')).toEqual({ do: 'tool', tool: 'brush' });
    expect(press('G')).toEqual({ do: 'tool', tool: 'fill' });
    expect(press('x')).toBeNull();
  });

  it('leave the browser its own combinations', () => {
    expect(press('b', { ctrlKey: true })).toBeNull();
    expect(press('e', { altKey: true })).toBeNull();
    expect(press('[', { metaKey: true })).toBeNull();
    expect(press('y', { metaKey: true })).toBeNull();
  });

  it('undo and redo as on any desk', () => {
    expect(press('z', { ctrlKey: true })).toEqual({ do: 'undo' });
    expect(press('z', { metaKey: true })).toEqual({ do: 'undo' });
    expect(press('Z', { metaKey: true, shiftKey: true })).toEqual({ do: 'redo' });
    expect(press('y', { ctrlKey: true })).toEqual({ do: 'redo' });
  });

  it('change the brush, also where brackets need AltGr, and stop at its ends', () => {
    expect(press(']')).toEqual({ do: 'wider' });
    expect(press('[', { ctrlKey: true, altKey: true })).toEqual({ do: 'narrower' });
    expect(steppedSize(2, 1)).toBe(3);
    expect(steppedSize(4, 1)).toBe(4);
    expect(steppedSize(1, -1)).toBe(1);
  });
});
