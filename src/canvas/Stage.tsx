/** The drawing itself: what is seen, and where pointer and keyboard meet it. */
import { useEffect, useId } from 'react';
import { drawing, useDrawing } from '../state/drawing.ts';
import { CellMarks, type Outline } from './CellMarks.tsx';
import controls from './controls.module.css';
import { describeCell } from './cursor.ts';
import { PixelCanvas } from './PixelCanvas.tsx';
import { brushCorner, type Cell } from './raster.ts';
import styles from './Stage.module.css';
import { useKeyboardDrawing } from './useKeyboardDrawing.ts';
import { usePointerDrawing } from './usePointerDrawing.ts';

/** With more cells a side than this the grid would cover the picture. */
const GRID_LIMIT = 32;

interface Props {
  disabled: boolean;
  highlight: number | null;
}

export function Stage({ disabled, highlight }: Props) {
  const { side, palette, tokens, name, tool, size } = useDrawing((state) => state);
  const pointer = usePointerDrawing(disabled);
  const keyboard = useKeyboardDrawing(disabled, side);
  const help = useId();

  // Nothing else would end a stroke whose pointer outlives the stage.
  useEffect(() => drawing.getState().endStroke, []);

  const broad = tool === 'brush' || tool === 'eraser' ? size : 1;
  const under = (cell: Cell, look: Outline['look']): Outline => ({
    corner: brushCorner(cell, broad),
    size: broad,
    look,
  });
  const outlines: Outline[] = [];
  if (highlight !== null) {
    outlines.push({ corner: { x: highlight % side, y: Math.floor(highlight / side) }, size: 1, look: 'highlight' });
  }
  if (keyboard.cursor) outlines.push(under(keyboard.cursor, 'cursor'));
  else if (pointer.hovered) outlines.push(under(pointer.hovered, 'brush'));

  return (
    <div>
      <div
        className={styles.stage}
        role="application"
        aria-roledescription="pixel editor"
        aria-label={`${name}, ${side} by ${side} pixels`}
        aria-describedby={help}
        aria-disabled={disabled}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the application takes keys of its own
        tabIndex={0}
        {...keyboard.handlers}
        {...pointer.handlers}
        onPointerDown={(event) => {
          keyboard.hide();
          pointer.handlers.onPointerDown(event);
        }}
        onFocus={({ currentTarget }) => currentTarget.matches(':focus-visible') && keyboard.show()}
        onBlur={() => {
          keyboard.hide();
          drawing.getState().endStroke();
        }}
        onContextMenu={(event) => event.preventDefault()}
      >
        <PixelCanvas tokens={tokens} palette={palette} side={side} label="" />
        <CellMarks side={side} grid={side <= GRID_LIMIT} outlines={outlines} />
      </div>
      <p id={help} className={controls.hidden}>
        Arrow keys move the cursor, Space uses the tool, Shift with arrows draws on the way. B brush, I colour picker, E
        eraser, G fill, square brackets change the brush width.
      </p>
      <p className={controls.hidden} aria-live="polite">
        {keyboard.cursor && describeCell(keyboard.cursor, tokens, side, palette)}
      </p>
    </div>
  );
}
