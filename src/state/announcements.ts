/**
 * What is said to people who do not watch the page: the turns of long work, never its course, which its bars and figures tell
 * whoever asks. Errors and notes have a live region of their own.
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
