import { afterEach, expect, it, vi } from 'vitest';
import type { Plan } from './plan.ts';
import { timePlan } from './timing.ts';

/**
 * A plan of so many milliseconds on a simulated device. `reported` maps the time of completion to
 * the time at which the browser reports it; the clock has a resolution of `step` ms.
 */
function simulated(milliseconds: number, reported: (done: number) => number, step = 0) {
  let now = 1000;
  const read = () => (step ? Math.floor(now / step) * step : now);
  vi.spyOn(performance, 'now').mockImplementation(read);
  let runs = 0;
  const plan = {
    record: (_: GPUCommandEncoder, times: number) => {
      runs += times;
    },
  };
  const device = {
    createCommandEncoder: () => ({ finish: () => ({}) }),
    queue: {
      submit: () => {
        now += 0.02 + runs * milliseconds;
        runs = 0;
      },
      onSubmittedWorkDone: async () => {
        now = reported(now);
      },
    },
  };
  return [device, plan] as unknown as [GPUDevice, Plan];
}

afterEach(() => vi.restoreAllMocks());

const everyHundred = (done: number) => Math.ceil(done / 100) * 100;
const jitter = () => {
  let n = 0;
  return (done: number) => done + [1, 4, 2, 5, 3][n++ % 5];
};

it.each([
  ['at once', 3, (done: number) => done + 0.1, 0.1],
  ['at once, with a clock that goes by milliseconds', 0.05, (done: number) => done, 1],
  ['after 1 to 5 ms', 3, jitter(), 0],
  ['after 1 to 5 ms, of a plan much shorter than that', 0.02, jitter(), 0.1],
  ['every 100 ms', 3, everyHundred, 1],
  ['every 100 ms, of a long plan', 470, everyHundred, 1],
])('a plan is timed within a quarter where its completion is reported %s', async (_, milliseconds, reported, step) => {
  const found = await timePlan(...simulated(milliseconds, reported, step));
  expect(found / milliseconds).toBeGreaterThan(0.75);
  expect(found / milliseconds).toBeLessThan(1.25);
});

it('a lost device, which reports any work as done in no time, is not a fast one', async () => {
  await expect(timePlan(...simulated(0, (done) => done))).rejects.toThrow('lost');
});
