/** The cell cursor: arrows move it, Space and Enter use the tool on it, Shift with arrows draws on the way. */
import { type KeyboardEvent, useState } from 'react';
import { drawing } from '../state/drawing.ts';
import { movedCursor } from './cursor.ts';
import type { Cell } from './raster.ts';

function applyTool(cell: Cell): void {
  const { tool, beginStroke, endStroke, fillAt, pickAt } = drawing.getState();
  if (tool === 'picker') pickAt(cell);
  else if (tool === 'fill') fillAt(cell);
  else {
    beginStroke(cell);
    endStroke();
  }
}

function drawTo(from: Cell, to: Cell): void {
  const { tool, stroking, beginStroke, extendStroke } = drawing.getState();
  if (tool === 'picker' || tool === 'fill') return;
  if (!stroking) beginStroke(from);
  extendStroke(to);
}

export function useKeyboardDrawing(disabled: boolean, side: number) {
  const [place, setPlace] = useState<Cell>({ x: 0, y: 0 });
  const [shown, setShown] = useState(false);
  const cursor = { x: Math.min(place.x, side - 1), y: Math.min(place.y, side - 1) };

  const onKeyDown = (event: KeyboardEvent) => {
    if (disabled || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      setShown(true);
      applyTool(cursor);
      return;
    }
    const moved = movedCursor(cursor, event.key, side);
    if (!moved) return;
    event.preventDefault();
    setShown(true);
    setPlace(moved);
    if (event.shiftKey) drawTo(cursor, moved);
  };

  return {
    /** Null while the pointer leads or the focus is elsewhere. */
    cursor: shown ? cursor : null,
    show: () => setShown(true),
    hide: () => setShown(false),
    handlers: {
      onKeyDown,
      onKeyUp: (event: KeyboardEvent) => event.key === 'Shift' && drawing.getState().endStroke(),
    },
  };
}
