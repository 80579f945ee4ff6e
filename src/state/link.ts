/**
 * The page and its link say the same: a link that is opened restores the workspace, the settings and the drawing; every
 * change is written back, in place, so that the address can be copied at any moment and the back button still leaves.
 */
import { remap } from '../canvas/remap.ts';
import { OWN_MODEL, SMALL_MODEL, shippedModel } from '../complete/models.ts';
import { ANY } from '../complete/starts.ts';
import { drawing } from './drawing.ts';
import { exampleOf, gallery } from './gallery.ts';
import { notices } from './notices.ts';
import { memoryLimit } from './pageMemory.ts';
import { sampling } from './sampling.ts';
import { type BackendWish, session } from './session.ts';
import { readLink, SHARED_DEFAULTS, type Shared, type SharedDrawing, writeLink } from './url.ts';
import { usualModel } from './usual.ts';
import { workspace } from './workspace.ts';

const WRITE_AFTER_MS = 300;

export interface Wanted {
  /** Null: the one that suits this device. */
  model: string | null;
  backend: BackendWish;
  /** Bytes that the page may hold; undefined for no limit. */
  memory: number | undefined;
  drawing: SharedDrawing | null;
}

/** Restores what can be restored at once and returns what has to wait for the worker or for the palette. */
export function readAddress(): Wanted {
  const { workspace: place, state, problems } = readLink(location.hash);
  for (const problem of problems) notices.getState().notify('note', problem);
  const shared: Shared = { ...SHARED_DEFAULTS, ...state };
  workspace.getState().show(place);
  const { seed, temperature, topK, topP, variants, lookAhead } = shared;
  sampling.getState().change({ seed, temperature, topK, topP, variants, lookAhead });
  sampling.getState().chooseClass(shared.class);

  const known = shippedModel(shared.model) !== undefined;
  if (shared.model && !known)
    notices.getState().notify('note', 'This link asks for a model that is not here; the usual one is used.');
  // What a link carries beside the model was made with the small one, where it names none.
  const model = known ? shared.model : Object.keys(state).length > 0 ? SMALL_MODEL : null;
  return { model, backend: shared.backend, memory: memoryLimit(shared.memory), drawing: shared.drawing };
}

/** No link brings a model of the visitor's own: its drawing goes in the nearest colours of the one that opens instead. */
function drawingToShare(): SharedDrawing {
  const { tokens, side, palette } = drawing.getState();
  const { examples } = gallery.getState();
  if (session.getState().model?.id !== OWN_MODEL || !examples) return { side, tokens };
  return { side, tokens: remap({ side, palette }, { side, palette: examples.palette }).picture(tokens) };
}

/** The hash for the page as it is now. The first example is what a link without a drawing opens. */
function hashNow(): string {
  const { model, wish, memory } = session.getState();
  const { examples } = gallery.getState();
  const drawn = drawingToShare();
  const first = examples !== null && exampleOf(examples, drawn.tokens) === examples.pictures[0];
  const { sampling: settings, chosenClass } = sampling.getState();
  const shipped = shippedModel(model?.id)?.id;
  // A link without a model means the small one, but an address with nothing in it what suits the device.
  const goesWithoutSaying = shipped === SMALL_MODEL && usualModel() === SMALL_MODEL;
  return writeLink(workspace.getState().open, {
    ...settings,
    // Where it has no meaning it is not shown either.
    class: model && !model.starts ? ANY : chosenClass,
    model: goesWithoutSaying ? '' : (shipped ?? ''),
    drawing: first ? null : drawn,
    backend: wish,
    memory: memory === memoryLimit() ? 0 : (memory ?? 0) / 1e6,
  });
}

export function writeAddress(): void {
  const hash = hashNow();
  if (hash !== location.hash) history.replaceState(history.state, '', hash);
}

/** Writes every change into the address from now on. */
export function keepAddress(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(writeAddress, WRITE_AFTER_MS);
  };
  drawing.subscribe((now, before) => now.tokens !== before.tokens && soon());
  sampling.subscribe(soon);
  workspace.subscribe(soon);
  session.subscribe((now, before) => (now.model !== before.model || now.wish !== before.wish) && soon());
}
