/** The keyboard cursor of the editor: how keys move it, and how its cell is told to a screen reader. */
import { UNKNOWN } from '../../workers/contract.ts';
import { colourName, paletteColour } from './colour.ts';
import type { Cell } from './raster.ts';

const STEPS: Readonly<Record<string, Cell>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

const clamp = (at: number, side: number) => Math.min(side - 1, Math.max(0, at));

/** Null for a key that does not move the cursor. */
export function movedCursor({ x, y }: Cell, key: string, side: number): Cell | null {
  if (key === 'Home') return { x: 0, y };
  if (key === 'End') return { x: side - 1, y };
  const step = STEPS[key];
  return step ? { x: clamp(x + step.x, side), y: clamp(y + step.y, side) } : null;
}

export function describeCell({ x, y }: Cell, tokens: Int16Array, side: number, palette: Uint8Array): string {
  const token = tokens[y * side + x];
  const content = token === UNKNOWN ? 'unknown' : colourName(paletteColour(palette, token));
  return `row ${y + 1}, column ${x + 1}, ${content}`;
}
