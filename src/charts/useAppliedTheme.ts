/** The look that the page has, whoever chose it: a canvas has to be drawn anew when it changes. */
import { useSyncExternalStore } from 'react';

function subscribe(hear: () => void): () => void {
  const observer = new MutationObserver(hear);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

/** What the system asks for beside light and dark; the theme is put on again when one of these changes. */
const WISHES = ['(forced-colors: active)', '(prefers-contrast: more)'].map((wish) => matchMedia(wish));

export const useAppliedTheme = (): string =>
  useSyncExternalStore(subscribe, () =>
    [document.documentElement.dataset.theme, ...WISHES.map(({ matches }) => matches)].join(' '),
  );
