/** One toolbar, one tab stop: tools, brush width, history, masks, pictures. */
import { Toolbar } from 'radix-ui';
import { useRef } from 'react';
import { drawing, TOOLS, type Tool, useDrawing } from '../state/drawing.ts';
import controls from './controls.module.css';
import styles from './EditorToolbar.module.css';
import { ClearIcon, PictureIcon, RedoIcon, ToolIcon, UndoIcon } from './icons.tsx';
import { MaskMenu } from './MaskMenu.tsx';
import { SizeMenu } from './SizeMenu.tsx';
import { TOOL_KEYS } from './shortcuts.ts';
import { Tip } from './Tip.tsx';

const TOOL_NAMES: Record<Tool, string> = { brush: 'Brush', picker: 'Colour picker', eraser: 'Eraser', fill: 'Fill' };
const TOOL_TIPS: Record<Tool, string> = { ...TOOL_NAMES, eraser: 'Eraser: makes pixels unknown' };

const onApple = /Mac|iPhone|iPad/.test(navigator.platform);
const UNDO_KEYS = onApple ? '⌘Z' : 'Ctrl+Z';
const REDO_KEYS = onApple ? '⇧⌘Z' : 'Ctrl+Shift+Z';

interface Props {
  disabled: boolean;
  onPicture: (file: Blob) => void;
}

export function EditorToolbar({ disabled, onPicture }: Props) {
  const tool = useDrawing((state) => state.tool);
  const canUndo = useDrawing((state) => state.canUndo);
  const canRedo = useDrawing((state) => state.canRedo);
  const fileInput = useRef<HTMLInputElement>(null);
  const { setTool, undo, redo, eraseAll } = drawing.getState();

  return (
    <Toolbar.Root className={styles.bar} aria-label="Drawing tools">
      <Toolbar.ToggleGroup
        className={styles.group}
        type="single"
        aria-label="Tool"
        value={tool}
        disabled={disabled}
        onValueChange={(value) => value && setTool(value as Tool)}
      >
        {TOOLS.map((choice) => (
          <Tip key={choice} text={TOOL_TIPS[choice]} keys={TOOL_KEYS[choice]}>
            <Toolbar.ToggleItem
              className={controls.button}
              value={choice}
              aria-label={TOOL_NAMES[choice]}
              aria-keyshortcuts={TOOL_KEYS[choice]}
            >
              <ToolIcon tool={choice} />
            </Toolbar.ToggleItem>
          </Tip>
        ))}
      </Toolbar.ToggleGroup>
      <SizeMenu disabled={disabled} />
      <div className={styles.group}>
        <Tip text="Undo" keys={UNDO_KEYS}>
          <Toolbar.Button
            className={controls.button}
            aria-label="Undo"
            aria-keyshortcuts="Control+Z Meta+Z"
            disabled={disabled || !canUndo}
            onClick={undo}
          >
            <UndoIcon />
          </Toolbar.Button>
        </Tip>
        <Tip text="Redo" keys={REDO_KEYS}>
          <Toolbar.Button
            className={controls.button}
            aria-label="Redo"
            aria-keyshortcuts="Control+Shift+Z Meta+Shift+Z Control+Y"
            disabled={disabled || !canRedo}
            onClick={redo}
          >
            <RedoIcon />
          </Toolbar.Button>
        </Tip>
      </div>
      <div className={`${styles.group} ${styles.whole}`}>
        <MaskMenu disabled={disabled} />
        <Tip text="Clear the drawing">
          <Toolbar.Button
            className={controls.button}
            aria-label="Clear the drawing"
            disabled={disabled}
            onClick={eraseAll}
          >
            <ClearIcon />
          </Toolbar.Button>
        </Tip>
        <Tip text="Open a picture; you may also paste or drop one">
          <Toolbar.Button
            className={`${controls.button} ${controls.labelled}`}
            disabled={disabled}
            onClick={() => fileInput.current!.click()}
          >
            <PictureIcon />
            Open picture
          </Toolbar.Button>
        </Tip>
        <input
          ref={fileInput}
          type="file"
          accept="image/*"
          aria-label="Picture file"
          hidden
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            // The same file may be chosen again.
            currentTarget.value = '';
            if (file) onPicture(file);
          }}
        />
      </div>
    </Toolbar.Root>
  );
}
