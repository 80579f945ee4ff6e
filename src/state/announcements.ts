/**
 * What screen readers say by themselves: the turns of long work, never its course, which bars and
 * figures show; and the pixel that the user moved to. Errors and notes have a live region of their own.
 */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

interface Announcements {
  /** The newest. */
  text: string;
  /** Tells it from one before that says the same. */
  number: number;
}

export const announcements = createStore<Announcements>()(() => ({ text: '', number: 0 }));

export const announce = (text: string): void => announcements.setState(({ number }) => ({ text, number: number + 1 }));

export const useAnnouncements = <T>(select: (state: Announcements) => T): T => useStore(announcements, select);
