/**
 * Watches the run that is under way. If it sends no update for longer than its own speed makes plausible, the person is told,
 * its worker is replaced, and the run goes on from what was saved, as after a crash.
 */
import type { StoreApi } from 'zustand';
import { LOOK_MS, Pace } from './pace.ts';
import type { SessionState } from './session.ts';
import { isUnderWay, type OpenRun, type TrainingState } from './training.ts';

type Part<State, Keys extends keyof State> = Pick<StoreApi<Pick<State, Keys>>, 'getState' | 'subscribe'>;

/** Watches from now on. Call once. */
export function watchRuns(
  runs: Part<TrainingState, 'open'>,
  running: Part<SessionState, 'worker' | 'device' | 'replaceWorker'>,
): void {
  let watched: {
    id: string;
    worker: SessionState['worker'];
    pace: Pace;
    timer: ReturnType<typeof setInterval>;
  } | null = null;

  /** Starts and ends watching. Each worker has a pace of its own; while no device is there, no run can move. */
  const follow = () => {
    const { open } = runs.getState();
    const { worker, device } = running.getState();
    const expected = open && device && isUnderWay({ open }) ? open : null;
    if (watched && expected?.info.id === watched.id && worker === watched.worker) return;
    clearInterval(watched?.timer);
    watched = expected && {
      id: expected.info.id,
      worker,
      pace: new Pace(performance.now(), expected.info.step, perStep(expected)),
      timer: setInterval(look, LOOK_MS),
    };
  };

  const look = () => {
    const { open } = runs.getState();
    if (!open || !watched?.pace.isStill(performance.now())) return;
    const { name, step } = open.info;
    running
      .getState()
      .replaceWorker(
        `The run "${name}" stands still at step ${step.toLocaleString('en')}: nothing has been heard of it for far longer than a step takes.`,
      );
  };

  runs.subscribe(({ open }, before) => {
    follow();
    // Each update of the worker makes a new history.
    if (open && open.history !== before.open?.history) watched?.pace.heard(performance.now(), open.info.step);
  });
  running.subscribe(follow);
}

/** Average duration of a step, in milliseconds; 0 before the first one. */
const perStep = ({ info }: OpenRun): number => (info.step > 0 ? (1000 * info.seconds) / info.step : 0);
