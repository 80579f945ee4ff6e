import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { DeviceReport, RunInfo } from '../../workers/contract.ts';
import type { LabCalls } from '../lab.ts';
import { NO_HISTORY } from './history.ts';
import { FIRST_MS, LEAST_MS, LOOK_MS } from './pace.ts';
import type { SessionState } from './session.ts';
import type { OpenRun, TrainingState } from './training.ts';
import { watchRuns } from './watchdog.ts';

const MINUTE = 60_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** A run of a step a second that is watched. */
function staged() {
  // As a crash does it, but that no other worker comes.
  const replaceWorker = vi.fn(() => session.setState({ worker: null, device: null }));
  const session = createStore<Pick<SessionState, 'worker' | 'device'> & { replaceWorker: () => void }>(() => ({
    worker: {} as LabCalls,
    device: {} as DeviceReport,
    replaceWorker,
  }));
  const runs = createStore<Pick<TrainingState, 'open'>>(() => ({ open: null }));
  watchRuns(runs, session);
  const tell = (step: number, phase: RunInfo['phase'] = 'running') => {
    const info = { id: 'r', name: 'Mine', step, seconds: step, phase } as RunInfo;
    runs.setState({ open: { info, history: { ...NO_HISTORY } } as OpenRun });
  };
  const steps = (from: number, to: number) => {
    for (let step = from; step <= to; step++) {
      vi.advanceTimersByTime(1000);
      tell(step);
    }
  };
  return { runs, session, tell, steps, replaceWorker };
}

test('a run that says nothing for two minutes has its worker replaced, once', () => {
  const { steps, replaceWorker } = staged();
  steps(1, 1000);
  vi.advanceTimersByTime(LEAST_MS);
  expect(replaceWorker).not.toHaveBeenCalled();
  vi.advanceTimersByTime(10 * MINUTE);
  expect(replaceWorker.mock.calls).toEqual([
    ['The run "Mine" stands still at step 1,000: nothing has been heard of it for far longer than a step takes.'],
  ]);
});

test('what goes on without a step is no standing still: a validation, a drawing, a probe', () => {
  const { tell, steps, replaceWorker } = staged();
  steps(1, 10);
  for (let minute = 0; minute < 10; minute++) {
    vi.advanceTimersByTime(MINUTE);
    tell(10);
  }
  expect(replaceWorker).not.toHaveBeenCalled();
});

test('what the page does with the run by itself is no sign of life', () => {
  const { runs, steps, replaceWorker } = staged();
  steps(1, 10);
  for (let minute = 0; minute < 3; minute++) {
    vi.advanceTimersByTime(MINUTE);
    runs.setState(({ open }) => ({ open: { ...open!, info: { ...open!.info, name: 'Yours' } } }));
  }
  expect(replaceWorker).toHaveBeenCalled();
});

test.each(['paused', 'finished', 'resting'] as const)('a run that is %s is not watched', (phase) => {
  const { tell, steps, replaceWorker } = staged();
  steps(1, 10);
  tell(10, phase);
  vi.advanceTimersByTime(60 * MINUTE);
  expect(replaceWorker).not.toHaveBeenCalled();
  tell(10);
  steps(11, 12);
  vi.advanceTimersByTime(3 * MINUTE);
  expect(replaceWorker).toHaveBeenCalled();
});

test('while no device is there none is expected to move; then it is given time to make ready', () => {
  const { session, runs, steps, tell, replaceWorker } = staged();
  steps(1, 10);
  session.setState({ worker: {} as LabCalls, device: null });
  tell(10, 'preparing');
  vi.advanceTimersByTime(60 * MINUTE);
  expect(replaceWorker).not.toHaveBeenCalled();
  session.setState({ device: {} as DeviceReport });
  vi.advanceTimersByTime(FIRST_MS);
  expect(replaceWorker).not.toHaveBeenCalled();
  expect(runs.getState().open!.info.phase).toBe('preparing');
  vi.advanceTimersByTime(2 * LOOK_MS);
  expect(replaceWorker).toHaveBeenCalled();
});
