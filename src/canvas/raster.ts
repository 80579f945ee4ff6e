/**
 * Drawing maths on square pictures of palette indices: lines, brushes, floods and masks. Nothing here knows of a screen.
 * No function changes the picture that it is given; where nothing would change, that same picture comes back.
 */
import { UNKNOWN } from '../../workers/contract.ts';

/** Column x and row y, from the top left. Cells outside the picture are allowed; drawing clips them. */
export interface Cell {
  x: number;
  y: number;
}

export const BRUSH_SIZES = [1, 2, 3, 4] as const;
export type BrushSize = (typeof BRUSH_SIZES)[number];

export const MASKS = [
  'top half',
  'bottom half',
  'left half',
  'right half',
  'top quarter',
  'centre hidden',
  'all hidden',
  'nothing hidden',
] as const;
export type Mask = (typeof MASKS)[number];

export function isInside(cell: Cell, side: number): boolean {
  return cell.x >= 0 && cell.y >= 0 && cell.x < side && cell.y < side;
}

/** The first column and row under a square brush; even brushes reach one further to the right and below. */
export function brushCorner(centre: Cell, size: BrushSize): Cell {
  const reach = (size - 1) >> 1;
  return { x: centre.x - reach, y: centre.y - reach };
}

/** Every cell on the way, both ends included (Bresenham). */
export function lineCells(from: Cell, to: Cell): Cell[] {
  const dx = Math.abs(to.x - from.x);
  const dy = -Math.abs(to.y - from.y);
  const stepX = from.x < to.x ? 1 : -1;
  const stepY = from.y < to.y ? 1 : -1;
  const cells: Cell[] = [];
  let { x, y } = from;
  let error = dx + dy;
  for (;;) {
    cells.push({ x, y });
    if (x === to.x && y === to.y) return cells;
    const doubled = 2 * error;
    if (doubled >= dy) {
      error += dy;
      x += stepX;
    }
    if (doubled <= dx) {
      error += dx;
      y += stepY;
    }
  }
}

export function drawLine(
  tokens: Int16Array,
  side: number,
  from: Cell,
  to: Cell,
  size: BrushSize,
  ink: number,
): Int16Array {
  const drawn = tokens.slice();
  let changed = false;
  for (const centre of lineCells(from, to)) {
    const corner = brushCorner(centre, size);
    for (let y = Math.max(0, corner.y); y < Math.min(side, corner.y + size); y++) {
      for (let x = Math.max(0, corner.x); x < Math.min(side, corner.x + size); x++) {
        changed ||= drawn[y * side + x] !== ink;
        drawn[y * side + x] = ink;
      }
    }
  }
  return changed ? drawn : tokens;
}

/** Gives `ink` to all pixels that are joined to `start` edge by edge through pixels of its colour. */
export function floodFill(tokens: Int16Array, side: number, start: Cell, ink: number): Int16Array {
  if (!isInside(start, side)) return tokens;
  const first = start.y * side + start.x;
  const replaced = tokens[first];
  if (replaced === ink) return tokens;
  const filled = tokens.slice();
  filled[first] = ink;
  const waiting = [first];
  const visit = (index: number) => {
    if (filled[index] !== replaced) return;
    filled[index] = ink;
    waiting.push(index);
  };
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    const x = index % side;
    if (x > 0) visit(index - 1);
    if (x < side - 1) visit(index + 1);
    if (index >= side) visit(index - side);
    if (index < side * (side - 1)) visit(index + side);
  }
  return filled;
}

export function maskKeeps(mask: Mask, { x, y }: Cell, side: number): boolean {
  switch (mask) {
    case 'top half':
      return 2 * y < side;
    case 'bottom half':
      return 2 * y >= side;
    case 'left half':
      return 2 * x < side;
    case 'right half':
      return 2 * x >= side;
    case 'top quarter':
      return 4 * y < side;
    case 'centre hidden':
      return 4 * x < side || 4 * x >= 3 * side || 4 * y < side || 4 * y >= 3 * side;
    case 'all hidden':
      return false;
    case 'nothing hidden':
      return true;
  }
}

/**
 * Hides what the mask hides. What it keeps is the drawing; where that is unknown, the pixel of the picture under it
 * comes back.
 */
export function applyMask(tokens: Int16Array, under: Int16Array | null, side: number, mask: Mask): Int16Array {
  const masked = tokens.map((token, index) => {
    if (!maskKeeps(mask, { x: index % side, y: Math.floor(index / side) }, side)) return UNKNOWN;
    return token === UNKNOWN && under ? under[index] : token;
  });
  return masked.some((token, index) => token !== tokens[index]) ? masked : tokens;
}
