/**
 * The picture that is being completed, and the tools that draw on it. One entry of history per stroke or action; pictures
 * are replaced, never mutated, so a reader may keep what it got.
 */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { UNKNOWN } from '../../workers/contract.ts';
import { nearestColour, type Rgb } from '../canvas/colour.ts';
import { applyMask, type BrushSize, type Cell, drawLine, floodFill, isInside, type Mask } from '../canvas/raster.ts';
import { type Remap, remap } from '../canvas/remap.ts';

export const TOOLS = ['brush', 'picker', 'eraser', 'fill'] as const;
export type Tool = (typeof TOOLS)[number];

export const HISTORY_LIMIT = 200;
export const RECENT_COLOURS = 8;
const UNTITLED = 'Drawing';

/** What one step of undo brings back. */
interface Snapshot {
  /** [side × side], UNKNOWN where nothing is drawn. */
  tokens: Int16Array;
  /** The whole picture under the drawing, if there is one: to compare with, and to bring hidden pixels back. */
  original: Int16Array | null;
  /** What is being completed, for labels and file names. */
  name: string;
}

export interface DrawingState extends Snapshot {
  side: number;
  /** RGB bytes, [colours × 3]. */
  palette: Uint8Array;
  tool: Tool;
  /** Palette index. */
  colour: number;
  /** Always holds `colour`; at most RECENT_COLOURS, fewer only where the palette is small. */
  recent: readonly number[];
  size: BrushSize;
  /** A stroke has begun and not ended: more changes follow at once. */
  stroking: boolean;
  past: readonly Snapshot[];
  future: readonly Snapshot[];
  canUndo: boolean;
  canRedo: boolean;
}

export interface DrawingActions {
  /** Keeps the drawing; where side or palette differ, it is resized and takes the nearest colours. */
  setModel(side: number, palette: Uint8Array): void;
  /** Takes a square picture of any side in colours of the current palette; other colours become unknown. */
  load(tokens: Int16Array, about?: { original?: Int16Array | null; name?: string }): void;
  mask(mask: Mask): void;
  /** The ink is that of the tool, unless another is given. */
  beginStroke(cell: Cell, ink?: number): void;
  extendStroke(cell: Cell): void;
  endStroke(): void;
  fillAt(cell: Cell): void;
  /** Takes the colour of a known pixel and goes back to the brush. */
  pickAt(cell: Cell): void;
  /** An empty drawing with no picture under it. */
  eraseAll(): void;
  undo(): void;
  redo(): void;
  setTool(tool: Tool): void;
  setColour(colour: number): void;
  setSize(size: BrushSize): void;
}

export type Drawing = DrawingState & DrawingActions;

/** A useful row to begin with, before the visitor has used colours of their own. */
const FIRST_COLOURS: readonly Rgb[] = [
  [0, 0, 0],
  [255, 255, 255],
  [200, 40, 40],
  [235, 185, 60],
  [60, 130, 60],
  [90, 150, 210],
  [120, 80, 50],
  [225, 175, 145],
];

const BLACK_AND_WHITE = Uint8Array.of(0, 0, 0, 255, 255, 255);

const blank = (side: number) => new Int16Array(side * side).fill(UNKNOWN);

function equal(a: ArrayLike<number> | null, b: ArrayLike<number> | null): boolean {
  if (a === b) return true;
  if (!a || !b || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const sameSnapshot = (a: Snapshot, b: Snapshot) =>
  equal(a.tokens, b.tokens) && equal(a.original, b.original) && a.name === b.name;

/** Nothing would be lost by replacing the drawing. */
const untouched = ({ tokens, past, stroking }: DrawingState) =>
  past.length === 0 && !stroking && tokens.every((token) => token === UNKNOWN);

const snapshotOf = ({ tokens, original, name }: Snapshot): Snapshot => ({ tokens, original, name });

const history = (past: readonly Snapshot[], future: readonly Snapshot[]) => ({
  past: past.slice(-HISTORY_LIMIT),
  future,
  canUndo: past.length > 0,
  canRedo: future.length > 0,
});

const carried = ({ tokens, original, name }: Snapshot, { picture }: Remap): Snapshot => ({
  tokens: picture(tokens),
  original: original && picture(original),
  name,
});

function firstRecent(colours: readonly number[], palette: Uint8Array): readonly number[] {
  const starters = FIRST_COLOURS.map((rgb) => nearestColour(palette, rgb));
  return [...new Set([...colours, ...starters])].slice(0, RECENT_COLOURS);
}

/** Colours keep their places in the row; only one that is not there yet moves the others on. */
const withRecent = (recent: readonly number[], colour: number) =>
  recent.includes(colour) ? recent : [colour, ...recent].slice(0, RECENT_COLOURS);

function withinPalette(tokens: Int16Array, palette: Uint8Array): Int16Array {
  const colours = palette.length / 3;
  return tokens.map((token) => (token >= 0 && token < colours ? token : UNKNOWN));
}

function squareSide(tokens: Int16Array): number {
  const side = Math.sqrt(tokens.length);
  if (!Number.isInteger(side) || side === 0) throw new RangeError('A drawing has to be square.');
  return side;
}

export function createDrawing() {
  return createStore<Drawing>()((set, get) => {
    let stroke: { before: Snapshot; last: Cell; ink: number } | null = null;

    /** Ends an open stroke, then makes the change one step of history. */
    const change = (next: Partial<Snapshot>) => {
      get().endStroke();
      const before = snapshotOf(get());
      if (sameSnapshot(before, { ...before, ...next })) return;
      set({ ...next, ...history([...get().past, before], []) });
    };

    return {
      side: 16,
      palette: BLACK_AND_WHITE,
      tokens: blank(16),
      original: null,
      name: UNTITLED,
      tool: 'brush',
      colour: 0,
      recent: [0, 1],
      size: 1,
      stroking: false,
      ...history([], []),

      setModel(side, palette) {
        const now = get();
        if (now.side === side && equal(now.palette, palette)) return;
        now.endStroke();
        const map = remap(now, { side, palette });
        const colour = map.colour(now.colour);
        set({
          side,
          palette,
          colour,
          recent: firstRecent(now.recent.map(map.colour), palette),
          ...carried(snapshotOf(get()), map),
          past: now.past.map((snapshot) => carried(snapshot, map)),
          future: now.future.map((snapshot) => carried(snapshot, map)),
        });
      },

      load(tokens, { original = null, name = UNTITLED } = {}) {
        const { side, palette } = get();
        const fitted = (picture: Int16Array) => {
          const known = withinPalette(picture, palette);
          const from = squareSide(known);
          return from === side ? known : remap({ side: from, palette }, { side, palette }).picture(known);
        };
        const loaded = { tokens: fitted(tokens), original: original && fitted(original), name };
        if (untouched(get())) set(loaded);
        else change(loaded);
      },

      mask(mask) {
        const { tokens, original, side } = get();
        const whole = tokens.includes(UNKNOWN) ? original : tokens;
        change({ tokens: applyMask(tokens, whole, side, mask), original: whole });
      },

      beginStroke(cell, ink) {
        get().endStroke();
        const { tool, colour } = get();
        stroke = { before: snapshotOf(get()), last: cell, ink: ink ?? (tool === 'eraser' ? UNKNOWN : colour) };
        set({ stroking: true });
        get().extendStroke(cell);
      },

      extendStroke(cell) {
        if (!stroke) return;
        const { tokens, side, size } = get();
        set({ tokens: drawLine(tokens, side, stroke.last, cell, size, stroke.ink) });
        stroke.last = cell;
      },

      endStroke() {
        if (!stroke) return;
        const { before } = stroke;
        stroke = null;
        const changed = !equal(before.tokens, get().tokens);
        set({ stroking: false, ...(changed && history([...get().past, before], [])) });
      },

      fillAt(cell) {
        const { tokens, side, colour } = get();
        change({ tokens: floodFill(tokens, side, cell, colour) });
      },

      pickAt(cell) {
        const { tokens, side, setColour } = get();
        const token = isInside(cell, side) ? tokens[cell.y * side + cell.x] : UNKNOWN;
        if (token === UNKNOWN) return;
        setColour(token);
        set({ tool: 'brush' });
      },

      eraseAll() {
        change({ tokens: blank(get().side), original: null, name: UNTITLED });
      },

      undo() {
        get().endStroke();
        const now = get();
        const before = now.past.at(-1);
        if (before) set({ ...before, ...history(now.past.slice(0, -1), [snapshotOf(now), ...now.future]) });
      },

      redo() {
        get().endStroke();
        const now = get();
        const [after, ...future] = now.future;
        if (after) set({ ...after, ...history([...now.past, snapshotOf(now)], future) });
      },

      setTool: (tool) => set({ tool }),
      setColour: (colour) => set({ colour, recent: withRecent(get().recent, colour) }),
      setSize: (size) => set({ size }),
    };
  });
}

export const drawing = createDrawing();

export function useDrawing<T>(selector: (state: Drawing) => T): T {
  return useStore(drawing, selector);
}
