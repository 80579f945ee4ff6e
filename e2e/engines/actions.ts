/** Mouse and keyboard as W3C's WebDriver has them, in its classic and in its bidirectional form alike. */

import type { Key, Point } from './driver.ts';

/** https://www.w3.org/TR/webdriver2/#keyboard-actions */
const CODES: Record<Key, string> = {
  ArrowDown: '\uE015',
  ArrowLeft: '\uE012',
  ArrowRight: '\uE014',
  ArrowUp: '\uE013',
  End: '\uE010',
  Enter: '\uE007',
  Escape: '\uE00C',
  Home: '\uE011',
  Tab: '\uE004',
};

/** Moves the mouse through the points; pressed from the first to the last, or never. */
export function mouseActions(points: Point[], button: 'pressed' | 'up'): object[] {
  const [first, ...others] = points.map(({ x, y }) => ({
    type: 'pointerMove',
    x: Math.round(x),
    y: Math.round(y),
    duration: 0,
    origin: 'viewport',
  }));
  const actions =
    button === 'pressed'
      ? [first, { type: 'pointerDown', button: 0 }, ...others, { type: 'pointerUp', button: 0 }]
      : [first, ...others];
  return [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }];
}

/** Presses and releases one key after the other. */
export function keyActions(characters: Iterable<string>): object[] {
  const actions = Array.from(characters, (value) => [
    { type: 'keyDown', value },
    { type: 'keyUp', value },
  ]).flat();
  return [{ type: 'key', id: 'keyboard', actions }];
}

export const codeOf = (key: Key): string => CODES[key];
