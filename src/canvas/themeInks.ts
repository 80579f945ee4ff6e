/** The page's colours as numbers, for pictures that are painted rather than styled; follows light and dark. */
import { useSyncExternalStore } from 'react';
import type { Rgb } from './colour.ts';
import type { Inks } from './paint.ts';

let current: Inks | null = null;
const listeners = new Set<() => void>();

function readInks(): Inks {
  const style = getComputedStyle(document.documentElement);
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  const ink = (name: string): Rgb => {
    context.fillStyle = style.getPropertyValue(name);
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue];
  };
  return {
    unknownA: ink('--unknown-a'),
    unknownB: ink('--unknown-b'),
    paper: ink('--paper'),
    accent: ink('--accent'),
  };
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      observer.disconnect();
      current = null;
    }
  };
}

const observer = new MutationObserver(() => {
  current = null;
  for (const listener of listeners) listener();
});

export function useThemeInks(): Inks {
  return useSyncExternalStore(subscribe, () => {
    current ??= readInks();
    return current;
  });
}
