/**
 * Keeps the keyboard's place. A button that is pressed may vanish, or be disabled while its work is done: the focus would fall
 * to the page's beginning. It goes to what stands where the button stood, or back to the button as soon as it can be pressed.
 */

const FOCUSABLE = 'button, input, select, a[href], [tabindex="0"]';
/** Places remembered, for what vanishes with all that was around it. */
const MOST = 8;

export function keepFocus(): void {
  /** What has the focus and had it before, the newest last, each with all that is around it. */
  let places: { element: HTMLElement; around: Element[]; byKeyboard: boolean }[] = [];
  /** The last place is disabled, and loses the focus by that. */
  let waiting = false;

  const remember = (element: HTMLElement, byKeyboard: boolean) => {
    const around: Element[] = [];
    for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) around.push(one);
    const others = places.filter((place) => place.element !== element && place.element.isConnected);
    places = [...others, { element, around, byKeyboard }].slice(-MOST);
  };
  addEventListener('focusin', ({ target }) => {
    waiting = false;
    if (target instanceof HTMLElement) remember(target, target.matches(':focus-visible'));
  });
  // Whoever presses the page's ground wants nothing to have the focus.
  addEventListener('pointerdown', ({ target }) => {
    if (target instanceof Element && target.closest(FOCUSABLE) === null) places = [];
  });

  /** A key that is down would press what gets the focus under it. */
  let isPressing = false;

  const mend = () => {
    const last = places.at(-1);
    if (!last) return;
    const { element, around, byKeyboard } = last;
    // Browsers take the focus from what is disabled some time later.
    if (element.matches(':disabled')) waiting = true;
    if (isPressing || document.activeElement !== document.body) return;
    if (element.isConnected) {
      if (waiting && canTake(element)) element.focus({ preventScroll: !byKeyboard });
      return;
    }
    const next = neighbour(around) ?? places.findLast((place) => canTake(place.element))?.element;
    if (!next) places = [];
    else if (next.matches(':disabled')) {
      remember(next, byKeyboard);
      waiting = true;
    } else next.focus({ preventScroll: !byKeyboard });
  };
  const press = (pressing: boolean) => () => {
    isPressing = pressing;
    if (!pressing) mend();
  };
  addEventListener('keydown', press(true), { capture: true });
  addEventListener('keyup', press(false), { capture: true });
  addEventListener('blur', press(false));
  new MutationObserver(mend).observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['disabled'],
  });
}

const canTake = (element: HTMLElement): boolean =>
  element.isConnected && !element.matches(':disabled') && element.checkVisibility();

/**
 * The first thing to press or fill in, in the nearest part of the page that is still there and has any; it may be disabled for
 * the moment, as what steers a run is while the run is made ready.
 */
function neighbour(around: Element[]): HTMLElement | undefined {
  for (const part of around) {
    if (!part.isConnected) continue;
    const found = [...part.querySelectorAll<HTMLElement>(FOCUSABLE)].find((element) => element.checkVisibility());
    if (found) return found;
  }
  return undefined;
}
