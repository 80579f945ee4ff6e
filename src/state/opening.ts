/**
 * How the page opens: the link says what is wanted; the examples put a picture on the screen at once; the worker and the
 * model follow, and then complete what is there.
 */
import { loadExamples } from '../complete/examples.ts';
import { shippedModel } from '../complete/models.ts';
import { completion } from './completion.ts';
import { drawing } from './drawing.ts';
import { completeWhenReady, exampleOf, gallery, openExample } from './gallery.ts';
import { keepAddress, readAddress } from './link.ts';
import { notices, report } from './notices.ts';
import { session, whenReady } from './session.ts';
import type { SharedDrawing } from './url.ts';
import { findUsualModel, usualModel } from './usual.ts';

/** The drawing follows the model's side and palette; completions in other colours are no longer of use. */
function followModel(): void {
  session.subscribe(({ model }, before) => {
    if (!model || model === before.model) return;
    const { palette, tokens } = drawing.getState();
    const { examples } = gallery.getState();
    drawing.getState().setModel(model.side, model.palette);
    if (drawing.getState().palette !== palette) completion.getState().clear();
    if (before.model || examples) void changeExamples(model.id, exampleOf(examples, tokens)?.name);
  });
}

/** Each shipped model has examples of its own. One that is open goes over to the same picture as the other model sees it. */
async function changeExamples(model: string, open: string | undefined): Promise<void> {
  if (!shippedModel(model) || gallery.getState().examples?.model === model) return;
  const { tokens } = drawing.getState();
  try {
    const examples = await loadExamples(model);
    if (session.getState().model?.id !== model || examples.model !== model) return;
    gallery.setState({ examples });
    const same = examples.pictures.find(({ name }) => name === open);
    if (same && drawing.getState().tokens === tokens) openExample(examples, same);
  } catch (error) {
    report(error);
  }
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
  session.setState({ wish: wanted.backend, memory: wanted.memory });
  // A link that names its model waits for nothing; what it means to leave the model out is known before it is written.
  const usual = findUsualModel();
  const id = wanted.model ?? (await usual);
  void session.getState().openModel({ kind: 'shipped', id });

  try {
    const examples = await loadExamples(id);
    const { model, phase } = session.getState();
    if (examples.note) notices.getState().notify('note', examples.note);
    if (examples.pictures.length && examples.model === (phase === 'ready' ? model?.id : id)) {
      gallery.setState({ examples });
      if (!model) drawing.getState().setModel(examples.side, examples.palette);
    }
  } catch (error) {
    report(error);
  }
  if (!gallery.getState().examples) await whenReady();
  place(wanted.drawing);
  await usual;
  keepAddress();

  addEventListener('hashchange', async () => {
    const next = readAddress();
    const { wish, memory, model, chooseBackend, openModel } = session.getState();
    session.setState({ memory: next.memory });
    if (next.backend !== wish || next.memory !== memory) void chooseBackend(next.backend);
    const id = next.model ?? usualModel();
    const opened = id === model?.id ? undefined : openModel({ kind: 'shipped', id });
    // In the colours of another model the drawing would be spoilt.
    if (model) await opened;
    place(next.drawing);
  });
}
