/** The pixel editor: tools above, the drawing, its colours below. Works on the one drawing of the page. */
import { Tooltip } from 'radix-ui';
import { type KeyboardEvent, useEffect, useEffectEvent } from 'react';
import { drawing, useDrawing } from '../state/drawing.ts';
import { ColourBar } from './ColourBar.tsx';
import controls from './controls.module.css';
import styles from './Editor.module.css';
import { EditorToolbar } from './EditorToolbar.tsx';
import { isTextField } from './incomingPicture.ts';
import { Stage } from './Stage.tsx';
import { shortcutOf, steppedSize } from './shortcuts.ts';
import { type Inlet, usePictureInlet } from './usePictureInlet.ts';

/** Hears pictures that are chosen, pasted or dropped, and models; whether they can be read is for the listener to find out. */
export interface EditorProps extends Inlet {
  disabled?: boolean;
  /** A pixel to outline. */
  highlight?: number | null;
}

export function Editor({ onPicture, onModel, disabled = false, highlight = null }: EditorProps) {
  const side = useDrawing((state) => state.side);
  const dropping = usePictureInlet(disabled, { onPicture, onModel });

  const travelHistory = useEffectEvent((event: globalThis.KeyboardEvent) => {
    const shortcut = shortcutOf(event);
    if (disabled || isTextField(event.target) || (shortcut?.do !== 'undo' && shortcut?.do !== 'redo')) return;
    event.preventDefault();
    drawing.getState()[shortcut.do]();
  });

  useEffect(() => {
    document.addEventListener('keydown', travelHistory);
    return () => document.removeEventListener('keydown', travelHistory);
  }, []);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // What the editor opens elsewhere on the page, such as a menu, has keys of its own.
    if (disabled || !event.currentTarget.contains(event.target as Node)) return;
    const { size, setTool, setSize } = drawing.getState();
    const shortcut = shortcutOf(event);
    if (shortcut?.do === 'tool') setTool(shortcut.tool);
    if (shortcut?.do === 'wider') setSize(steppedSize(size, 1));
    if (shortcut?.do === 'narrower') setSize(steppedSize(size, -1));
  };

  return (
    <Tooltip.Provider delayDuration={400}>
      <section
        className={`${controls.scope} ${styles.editor}`}
        // A whole number of CSS pixels a cell, so that all cells are equal.
        style={{ width: `round(down, var(--room), ${side}px)` }}
        aria-label="Pixel editor"
        onKeyDown={onKeyDown}
      >
        <EditorToolbar disabled={disabled} onPicture={onPicture} />
        <Stage disabled={disabled} highlight={highlight} />
        <ColourBar disabled={disabled} />
        {dropping && <p className={styles.drop}>Drop a picture or a model to open it</p>}
      </section>
    </Tooltip.Provider>
  );
}
