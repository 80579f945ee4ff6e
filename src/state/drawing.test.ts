import { beforeEach, describe, expect, it } from 'vitest';
import { UNKNOWN } from '../../workers/contract.ts';
import { createDrawing, HISTORY_LIMIT, RECENT_COLOURS } from './drawing.ts';

const BLACK_WHITE_RED = Uint8Array.of(0, 0, 0, 255, 255, 255, 255, 0, 0);
const U = UNKNOWN;

let drawing = createDrawing();
const now = () => drawing.getState();
const dot = (x: number, y: number) => {
  now().beginStroke({ x, y });
  now().endStroke();
};

beforeEach(() => {
  drawing = createDrawing();
  now().setModel(2, BLACK_WHITE_RED);
  now().setColour(2);
});

describe('a stroke', () => {
  it('joins its points and is undone as one', () => {
    now().setModel(4, BLACK_WHITE_RED);
    now().beginStroke({ x: 0, y: 0 });
    now().extendStroke({ x: 3, y: 0 });
    now().extendStroke({ x: 3, y: 3 });
    now().endStroke();
    expect(Array.from(now().tokens)).toEqual([2, 2, 2, 2, U, U, U, 2, U, U, U, 2, U, U, U, 2]);
    now().undo();
    expect(now().tokens.every((token) => token === U)).toBe(true);
    expect(now().canUndo).toBe(false);
  });

  it('says that it is going on until it ends', () => {
    now().beginStroke({ x: 0, y: 0 });
    expect(now().stroking).toBe(true);
    now().endStroke();
    expect(now().stroking).toBe(false);
  });

  it('never changes a picture that was handed out', () => {
    const before = now().tokens;
    dot(0, 0);
    expect(before).toEqual(Int16Array.of(U, U, U, U));
    expect(now().tokens).not.toBe(before);
  });

  it('that changes nothing leaves no step to undo', () => {
    now().setTool('eraser');
    dot(0, 0);
    expect(now().canUndo).toBe(false);
  });

  it('erases with the eraser, or with the ink it is given', () => {
    now().load(Int16Array.of(0, 0, 0, 0));
    now().setTool('eraser');
    dot(0, 0);
    now().setTool('brush');
    now().beginStroke({ x: 1, y: 1 }, UNKNOWN);
    now().endStroke();
    expect(now().tokens).toEqual(Int16Array.of(U, 0, 0, U));
  });

  it('is ended by undo, and is what undo takes back', () => {
    dot(0, 0);
    now().beginStroke({ x: 1, y: 1 });
    now().undo();
    expect(now().tokens).toEqual(Int16Array.of(2, U, U, U));
    expect(now().stroking).toBe(false);
    now().extendStroke({ x: 0, y: 1 });
    expect(now().tokens).toEqual(Int16Array.of(2, U, U, U));
  });
});

describe('undo and redo', () => {
  it('walk back and forth, and a new stroke drops what was undone', () => {
    dot(0, 0);
    dot(1, 0);
    now().undo();
    expect(now().tokens).toEqual(Int16Array.of(2, U, U, U));
    now().redo();
    expect(now().tokens).toEqual(Int16Array.of(2, 2, U, U));
    expect(now().canRedo).toBe(false);
    now().undo();
    dot(0, 1);
    expect(now().canRedo).toBe(false);
    expect(now().tokens).toEqual(Int16Array.of(2, U, 2, U));
  });

  it('bring back the picture underneath and its name together with the drawing', () => {
    const cat = Int16Array.of(0, 1, 0, 1);
    now().load(cat, { original: cat, name: 'Cat' });
    now().eraseAll();
    expect(now()).toMatchObject({ original: null, name: 'Drawing', tokens: Int16Array.of(U, U, U, U) });
    now().undo();
    expect(now()).toMatchObject({ original: cat, name: 'Cat', tokens: cat });
  });

  it(`remember ${HISTORY_LIMIT} steps`, () => {
    for (let i = 0; i < HISTORY_LIMIT + 20; i++) {
      now().setColour(i % 2);
      dot(0, 0);
    }
    let steps = 0;
    for (; now().canUndo; steps++) now().undo();
    expect(steps).toBe(HISTORY_LIMIT);
  });

  it('do nothing where there is nothing to do', () => {
    const { tokens } = now();
    now().undo();
    now().redo();
    expect(now().tokens).toBe(tokens);
  });
});

describe('masks', () => {
  const cat = Int16Array.of(0, 1, 1, 0);

  it('hide a part and bring it back from the picture underneath', () => {
    now().load(Int16Array.of(0, 1, U, U), { original: cat });
    now().mask('bottom half');
    expect(now().tokens).toEqual(Int16Array.of(U, U, 1, 0));
    now().mask('nothing hidden');
    expect(now().tokens).toEqual(cat);
  });

  it('keep what the visitor drew over the picture, even when it was hidden in between', () => {
    now().load(cat, { original: cat });
    dot(0, 0);
    now().mask('all hidden');
    now().mask('top half');
    expect(now().tokens).toEqual(Int16Array.of(2, 1, U, U));
  });

  it('on a whole drawing make it the picture that the results are compared with', () => {
    now().load(cat);
    now().mask('left half');
    expect(now().original).toEqual(cat);
    expect(now().tokens).toEqual(Int16Array.of(0, U, 1, U));
  });
});

describe('fill and picker', () => {
  it('fill the joined area as one step', () => {
    now().load(Int16Array.of(0, 1, 0, 1));
    now().fillAt({ x: 0, y: 0 });
    expect(now().tokens).toEqual(Int16Array.of(2, 1, 2, 1));
    now().undo();
    expect(now().tokens).toEqual(Int16Array.of(0, 1, 0, 1));
  });

  it('take a colour and hand over to the brush, but take nothing from unknown ground or outside', () => {
    now().load(Int16Array.of(1, U, U, U));
    now().setTool('picker');
    now().pickAt({ x: 1, y: 1 });
    now().pickAt({ x: -1, y: 0 });
    expect(now()).toMatchObject({ colour: 2, tool: 'picker' });
    now().pickAt({ x: 0, y: 0 });
    expect(now()).toMatchObject({ colour: 1, tool: 'brush' });
  });
});

describe('loading', () => {
  it('fits a picture of another side and drops colours that the model has not', () => {
    now().load(new Int16Array(16).fill(1));
    expect(now().tokens).toEqual(Int16Array.of(1, 1, 1, 1));
    now().load(Int16Array.of(0, 3, 999, -7));
    expect(now().tokens).toEqual(Int16Array.of(0, U, U, U));
  });

  it('of a first picture leaves nothing to undo, of a second one brings the first back', () => {
    now().load(Int16Array.of(0, 0, 1, 1));
    expect(now().canUndo).toBe(false);
    now().load(Int16Array.of(1, 1, 0, 0));
    now().undo();
    expect(now().tokens).toEqual(Int16Array.of(0, 0, 1, 1));
  });

  it('refuses a picture that is not square', () => {
    expect(() => now().load(new Int16Array(3))).toThrow('square');
  });
});

describe('another model', () => {
  it('with the same side and palette changes nothing', () => {
    dot(0, 0);
    const before = now();
    before.setModel(2, BLACK_WHITE_RED.slice());
    expect(now()).toBe(before);
  });

  it('keeps drawing, picture and history, resized and in its own colours', () => {
    now().load(Int16Array.of(0, 2, U, 1), { original: Int16Array.of(0, 2, 0, 1) });
    now().fillAt({ x: 0, y: 0 });
    now().setModel(4, Uint8Array.of(250, 10, 10, 240, 240, 240, 5, 5, 5));
    const grown = (a: number, b: number, c: number, d: number) =>
      Int16Array.of(a, a, b, b, a, a, b, b, c, c, d, d, c, c, d, d);
    expect(now().tokens).toEqual(grown(0, 0, U, 1));
    expect(now().original).toEqual(grown(2, 0, 2, 1));
    expect(now().colour).toBe(0);
    now().undo();
    expect(now().tokens).toEqual(grown(2, 0, U, 1));
  });
});

describe('the row of recent colours', () => {
  it('holds the current colour, no colour twice, and lets the oldest go', () => {
    const greys = Uint8Array.from({ length: 3 * 40 }, (_, i) => Math.floor(i / 3) * 6);
    now().setModel(2, greys);
    const [first, second] = Array.from({ length: 40 }, (_, i) => i).filter((i) => !now().recent.includes(i));
    for (const colour of [first, second, first]) now().setColour(colour);
    const { recent, colour } = now();
    expect(colour).toBe(first);
    expect(recent.slice(0, 2)).toEqual([second, first]);
    expect(new Set(recent).size).toBe(recent.length);
    for (let next = 0; next < 20; next++) now().setColour(next);
    expect(now().recent).toHaveLength(RECENT_COLOURS);
  });
});
