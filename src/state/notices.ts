/** What the page has to say to the person: errors and short notes, shown in one place until dismissed. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export interface Notice {
  id: number;
  kind: 'error' | 'note';
  text: string;
  more: More;
}

interface More {
  /** Text to be copied by hand where the clipboard is out of reach. */
  copy?: string;
  /** What can be done about it. */
  way?: { label: string; go: () => void };
}

interface Notices {
  shown: Notice[];
  notify: (kind: Notice['kind'], text: string, more?: More) => void;
  dismiss: (id: number) => void;
}

const MOST = 3;
const NOTE_STAYS_MS = 12_000;

let lastId = 0;

export const notices = createStore<Notices>()((set, get) => ({
  shown: [],
  notify: (kind, text, more = {}) => {
    const id = ++lastId;
    const others = get().shown.filter((n) => n.text !== text);
    set({ shown: [...others, { id, kind, text, more }].slice(-MOST) });
    if (kind === 'note' && !more.copy) setTimeout(() => get().dismiss(id), NOTE_STAYS_MS);
  },
  dismiss: (id) => set({ shown: get().shown.filter((n) => n.id !== id) }),
}));

/** Shows what went wrong in the error's own sentence. Stopping on request is nothing to report. */
export function report(error: unknown, way?: More['way']): void {
  if (error instanceof Error && error.name === 'AbortError') return;
  notices.getState().notify('error', error instanceof Error ? error.message : String(error), { way });
}

export const useNotices = <T>(select: (state: Notices) => T): T => useStore(notices, select);
