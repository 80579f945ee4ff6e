/** Light, dark or as the system has it. The choice is remembered; the page carries the outcome as data-theme. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

interface ThemeState {
  theme: Theme;
  choose: (theme: Theme) => void;
}

const KEY = 'theme';

/** Browsers that keep nothing for this site (private windows, blocked cookies) throw on access: the choice is then not kept. */
function remembered(): Theme {
  try {
    return THEMES.find((t) => t === localStorage.getItem(KEY)) ?? 'system';
  } catch {
    return 'system';
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    return;
  }
}

export const theme = createStore<ThemeState>()((set) => ({
  theme: 'system',
  choose: (theme) => {
    remember(theme);
    set({ theme });
  },
}));

/** Puts the theme on the document and keeps it there as the person or the system changes it. Call once, before the first paint. */
export function applyTheme(): void {
  const systemDark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const { theme: chosen } = theme.getState();
    const dark = chosen === 'system' ? systemDark.matches : chosen === 'dark';
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  };
  theme.setState({ theme: remembered() });
  apply();
  theme.subscribe(apply);
  // What is painted reads the colours anew whenever the theme is put on.
  for (const wish of [systemDark, matchMedia('(prefers-contrast: more)'), matchMedia('(forced-colors: active)')]) {
    wish.addEventListener('change', apply);
  }
}

export const useTheme = <T>(select: (state: ThemeState) => T): T => useStore(theme, select);
