/** Puts a completed picture into the editor, to be drawn on and completed again. */
import { completion, type Run } from '../../state/completion.ts';
import { drawing } from '../../state/drawing.ts';

export function takeAsDrawing(run: Run, tokens: Int16Array): void {
  if (completion.getState().run?.id === run.id) completion.getState().stop();
  drawing.getState().load(tokens, { original: tokens, name: run.name });
}
