/** Mouse, pen and finger on the drawing: strokes with every point the device reports, and the cell under the pointer. */
import { type PointerEvent, useRef, useState } from 'react';
import { UNKNOWN } from '../../workers/contract.ts';
import { drawing } from '../state/drawing.ts';
import { type Cell, isInside } from './raster.ts';

/** Bits of PointerEvent.buttons. */
const SECONDARY = 2;
const PEN_ERASER = 32;

interface Point {
  clientX: number;
  clientY: number;
}

function coalesced(event: globalThis.PointerEvent): readonly Point[] {
  const points = 'getCoalescedEvents' in event ? event.getCoalescedEvents() : [];
  return points.length > 0 ? points : [event];
}

export function usePointerDrawing(disabled: boolean) {
  const [hovered, setHovered] = useState<Cell | null>(null);
  const drawingPointer = useRef<number | null>(null);

  const cellAt = (box: DOMRect, point: Point): Cell => {
    const { side } = drawing.getState();
    return {
      x: Math.floor(((point.clientX - box.left) / box.width) * side),
      y: Math.floor(((point.clientY - box.top) / box.height) * side),
    };
  };

  const hover = (cell: Cell | null) =>
    setHovered((before) => (before && cell && before.x === cell.x && before.y === cell.y ? before : cell));

  const press = (event: PointerEvent<HTMLElement>) => {
    if (disabled || drawingPointer.current !== null) return;
    const { tool, beginStroke, fillAt, pickAt } = drawing.getState();
    const cell = cellAt(event.currentTarget.getBoundingClientRect(), event);
    const erasing = (event.buttons & (SECONDARY | PEN_ERASER)) !== 0;
    if (!erasing && (tool === 'picker' || event.altKey)) return pickAt(cell);
    if (!erasing && tool === 'fill') return fillAt(cell);
    drawingPointer.current = event.pointerId;
    event.currentTarget.setPointerCapture(event.pointerId);
    beginStroke(cell, erasing ? UNKNOWN : undefined);
  };

  const move = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const cell = cellAt(box, event);
    hover(event.pointerType !== 'touch' && isInside(cell, drawing.getState().side) ? cell : null);
    if (event.pointerId !== drawingPointer.current) return;
    for (const point of coalesced(event.nativeEvent)) drawing.getState().extendStroke(cellAt(box, point));
  };

  const release = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerId !== drawingPointer.current) return;
    drawingPointer.current = null;
    drawing.getState().endStroke();
  };

  return {
    hovered: disabled ? null : hovered,
    handlers: {
      onPointerDown: press,
      onPointerMove: move,
      onPointerUp: release,
      onPointerCancel: release,
      onLostPointerCapture: release,
      onPointerLeave: () => hover(null),
    },
  };
}
