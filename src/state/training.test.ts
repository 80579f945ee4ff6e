import { beforeEach, expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { type DeviceReport, type RunInfo, type TrainingUpdate, USUAL_RECIPE } from '../../workers/contract.ts';
import type { LabCalls } from '../lab.ts';
import { NO_HISTORY } from './history.ts';
import { notices } from './notices.ts';
import type { SessionState } from './session.ts';
import { createTraining } from './training.ts';

const RUN = { id: 'r', name: 'Mine', recipe: USUAL_RECIPE, step: 8, phase: 'running' } as Partial<RunInfo> as RunInfo;
const STOPPED = Object.assign(new Error('Stopped.'), { name: 'AbortError' });
const update = (info: Partial<RunInfo> = {}): TrainingUpdate => ({
  info: { ...RUN, ...info },
  from: 0,
  news: NO_HISTORY,
  tokensPerSecond: 1,
  shareOfPeak: 0,
  bytes: 1,
});

interface Asked {
  name: string;
  hear?: (update: TrainingUpdate) => void;
  answer: () => void;
  fail: (error: Error) => void;
}

/** Runs on a session whose workers the test begins and ends, and whose calls it answers. */
function staged() {
  const device = {} as DeviceReport;
  const asked: Asked[] = [];
  const newWorker = () => {
    const call =
      (name: string) =>
      (...values: unknown[]) =>
        new Promise<void>((answer, fail) => {
          asked.push({
            name,
            hear: values.find((value) => typeof value === 'function') as Asked['hear'],
            answer,
            fail,
          });
        });
    const names = ['startRun', 'resumeRun', 'pauseRun', 'stopRun', 'renameRun'];
    const calls = Object.fromEntries(names.map((name) => [name, call(name)]));
    return { listRuns: async () => [{ ...RUN, phase: 'resting' }], ...calls } as unknown as LabCalls;
  };
  const session = createStore<Pick<SessionState, 'phase' | 'worker' | 'device' | 'gotFurther'>>(() => ({
    phase: 'ready',
    worker: newWorker(),
    device,
    gotFurther: vi.fn(),
  }));
  const runs = createTraining(
    () => session.getState().worker!,
    session as unknown as Parameters<typeof createTraining>[1],
  );
  /** As a connection that ends does it: its calls reject, and the next worker is on its way at once. */
  const crash = () => {
    for (const { fail } of asked.splice(0)) fail(STOPPED);
    session.setState({ phase: 'starting', worker: null, device: null });
    session.setState({ worker: newWorker() });
  };
  const called = async (name: string) => {
    await vi.waitUntil(() => asked.some((call) => call.name === name));
    return asked.find((call) => call.name === name)!;
  };
  const running = async () => {
    void runs.getState().resume(RUN.id);
    const { hear, answer } = await called('resumeRun');
    hear!(update());
    answer();
    await vi.waitUntil(() => !runs.getState().busy);
    asked.length = 0;
  };
  return { runs, session, crash, called, running, up: () => session.setState({ phase: 'ready', device }) };
}

beforeEach(() => notices.setState({ shown: [] }));

test('a run goes on by itself once there is a worker with a device again, and says so', async () => {
  const { runs, crash, called, running, up } = staged();
  await running();
  crash();
  expect(runs.getState().open!.info.phase).toBe('preparing');
  up();
  await called('resumeRun');
  expect(notices.getState().shown.map(({ text }) => text)).toEqual(['The run "Mine" goes on from what was saved.']);
});

test.each(['pause', 'stop'] as const)('a worker that dies on the order to %s leaves the run at rest', async (order) => {
  const { runs, crash, called, running, up } = staged();
  await running();
  void runs.getState()[order]();
  await called(`${order}Run`);
  crash();
  up();
  expect(runs.getState()).toMatchObject({ open: { info: { phase: 'resting' } }, busy: true });
  await vi.waitUntil(() => !runs.getState().busy);
  expect(notices.getState().shown).toEqual([]);
});

test('where no worker comes up again, the run is not shown as being made ready', async () => {
  const { runs, session, crash, running } = staged();
  await running();
  crash();
  session.setState({ phase: 'failed' });
  expect(runs.getState().open!.info.phase).toBe('resting');
});

test('a run that cannot be gone on with rests, and why is said', async () => {
  const { runs, crash, called, running, up } = staged();
  await running();
  crash();
  up();
  (await called('resumeRun')).fail(new Error('The data set has changed.'));
  await vi.waitUntil(() => !runs.getState().busy);
  expect(runs.getState().open!.info.phase).toBe('resting');
  expect(notices.getState().shown.at(-1)!.text).toBe('The data set has changed.');
});

test('it is busy until the last of what was asked for is done', async () => {
  const { runs, called } = staged();
  const renamed = runs.getState().rename('r', 'Yours');
  const resumed = runs.getState().resume('r');
  (await called('renameRun')).fail(STOPPED);
  await renamed;
  expect(runs.getState().busy).toBe(true);
  (await called('resumeRun')).fail(STOPPED);
  await resumed;
  expect(runs.getState().busy).toBe(false);
});
