import { afterEach, expect, it, vi } from 'vitest';
import type { Plan } from './plan.ts';
import { timePlan } from './timing.ts';

/** A plan that takes so many milliseconds, on a device whose waits end when `told` says, and a clock that has only these. */
function simulated(milliseconds: number, told: (done: number) => number, step = 0) {
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
        now = told(now);
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
])('a plan is timed right where its end is told %s', async (_, milliseconds, told, step) => {
  const found = await timePlan(...simulated(milliseconds, told, step));
  expect(found / milliseconds).toBeGreaterThan(0.75);
  expect(found / milliseconds).toBeLessThan(1.25);
});

it('a device that has been lost, and does any work in no time, is no fast one', async () => {
  await expect(timePlan(...simulated(0, (done) => done))).rejects.toThrow('lost');
});
