/** The theme that the page carries, whoever chose it: a canvas has to be drawn anew when it changes. */
import { useSyncExternalStore } from 'react';

function subscribe(hear: () => void): () => void {
  const observer = new MutationObserver(hear);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

export const useAppliedTheme = (): string | undefined =>
  useSyncExternalStore(subscribe, () => document.documentElement.dataset.theme);
