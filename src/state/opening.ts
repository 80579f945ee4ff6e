/**
 * How the page opens: the link says what is wanted; the examples put a picture on the screen at once; the worker and the
 * model follow, and then complete what is there.
 */
import { loadExamples } from '../complete/examples.ts';
import { completion } from './completion.ts';
import { drawing } from './drawing.ts';
import { completeWhenReady, exampleOf, gallery, openExample } from './gallery.ts';
import { keepAddress, readAddress } from './link.ts';
import { notices, report } from './notices.ts';
import { session, whenReady } from './session.ts';
import type { SharedDrawing } from './url.ts';

/** The drawing follows the model's side and palette; completions in other colours are no longer of use. */
function followModel(): void {
  session.subscribe(({ model }, before) => {
    if (!model || model === before.model) return;
    const { palette } = drawing.getState();
    drawing.getState().setModel(model.side, model.palette);
    if (drawing.getState().palette !== palette) completion.getState().clear();
  });
}

/** Puts the link's drawing into the editor, or else the first example. */
function place(shared: SharedDrawing | null): void {
  const { examples } = gallery.getState();
  const example = shared ? exampleOf(examples, shared.tokens) : examples?.pictures[0];
  if (examples && example) {
    openExample(examples, example);
  } else if (shared) {
    drawing.getState().load(shared.tokens, { name: 'Shared drawing' });
    completion.getState().clear();
    void completeWhenReady();
  }
}

export async function openPage(): Promise<void> {
  const wanted = readAddress();
  followModel();
  session.setState({ wish: wanted.backend });
  void session.getState().openModel({ kind: 'shipped', id: wanted.model });

  try {
    const examples = await loadExamples();
    const { model, phase } = session.getState();
    if (examples.note) notices.getState().notify('note', examples.note);
    if (examples.pictures.length && examples.model === (phase === 'ready' ? model?.id : wanted.model)) {
      gallery.setState({ examples });
      if (!model) drawing.getState().setModel(examples.side, examples.palette);
    }
  } catch (error) {
    report(error);
  }
  if (!gallery.getState().examples) await whenReady();
  place(wanted.drawing);
  keepAddress();

  addEventListener('hashchange', async () => {
    const next = readAddress();
    const { wish, model, chooseBackend, openModel } = session.getState();
    if (next.backend !== wish) void chooseBackend(next.backend);
    const opened = next.model === model?.id ? undefined : openModel({ kind: 'shipped', id: next.model });
    // In the colours of another model the drawing would be spoilt.
    if (model) await opened;
    place(next.drawing);
  });
}
