/** While a run is under way the screen stays on, if the browser grants it, and leaving the page asks first. */
import { isUnderWay, training } from '../state/training.ts';

let lock: WakeLockSentinel | undefined;

/** The browser lets go of the lock by itself when the page is hidden. */
async function follow(): Promise<void> {
  const wanted = isUnderWay(training.getState()) && document.visibilityState === 'visible';
  if (wanted && (!lock || lock.released)) lock = await navigator.wakeLock?.request('screen').catch(() => undefined);
  if (!wanted && lock) {
    const former = lock;
    lock = undefined;
    await former.release();
  }
}

function ask(event: BeforeUnloadEvent): void {
  if (isUnderWay(training.getState())) event.preventDefault();
}

/** Call once. */
export function keepAwake(): void {
  let before = false;
  training.subscribe((state) => {
    const now = isUnderWay(state);
    if (now !== before) void follow();
    before = now;
  });
  document.addEventListener('visibilitychange', () => void follow());
  addEventListener('beforeunload', ask);
}
