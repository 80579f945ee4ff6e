/** While a run is under way the screen stays on, if the browser grants it, and leaving the page asks first. */
import { isUnderWay, training } from '../state/training.ts';

let lock: WakeLockSentinel | undefined;

const isWanted = () => isUnderWay(training.getState()) && document.visibilityState === 'visible';

/** The browser lets go of the lock by itself when the page is hidden, and may answer when nobody wants it any more. */
async function follow(): Promise<void> {
  if (isWanted() && (!lock || lock.released)) {
    lock = await navigator.wakeLock?.request('screen').catch(() => undefined);
  }
  if (isWanted()) return;
  const former = lock;
  lock = undefined;
  await former?.release().catch(() => undefined);
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
