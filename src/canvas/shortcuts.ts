/** Which key does what in the editor, apart from moving the cursor. */
import type { Tool } from '../state/drawing.ts';
import { BRUSH_SIZES, type BrushSize } from './raster.ts';

export const TOOL_KEYS: Readonly<Record<Tool, string>> = { brush: 'B', picker: 'I', eraser: 'E', fill: 'G' };

export type Shortcut = { do: 'undo' | 'redo' | 'wider' | 'narrower' } | { do: 'tool'; tool: Tool };

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

export function shortcutOf({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyPress): Shortcut | null {
  const letter = key.toUpperCase();
  // Many keyboards write brackets with AltGr, which some systems report as Ctrl + Alt.
  if (!metaKey && key === ']') return { do: 'wider' };
  if (!metaKey && key === '[') return { do: 'narrower' };
  if (altKey) return null;
  if (ctrlKey || metaKey) {
    if (letter === 'Z') return { do: shiftKey ? 'redo' : 'undo' };
    return letter === 'Y' && ctrlKey ? { do: 'redo' } : null;
  }
  const tool = (Object.keys(TOOL_KEYS) as Tool[]).find((name) => TOOL_KEYS[name] === letter);
  return tool ? { do: 'tool', tool } : null;
}

export function steppedSize(size: BrushSize, by: 1 | -1): BrushSize {
  return BRUSH_SIZES[BRUSH_SIZES.indexOf(size) + by] ?? size;
}
