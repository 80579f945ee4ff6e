/**
 * The duration of a plan on the GPU. Only a wait for it can be timed, and an empty wait takes time
 * too: 0.1 ms in one browser, some milliseconds in another (read-back.ts). So a plan is repeated
 * until an empty wait is a small part of the duration, and the empty wait is subtracted.
 */
import type { Plan } from './plan.ts';
import { promptly } from './read-back.ts';

const RUNS = 5;
/** A timed run takes at least this many empty waits, so that their jitter matters little. */
const MIN_WAITS = 8;
/** Shortest timed run: browsers' clocks have a resolution of up to 1 ms. */
const MIN_MS = 5;
/** On a lost device no number of repetitions takes any time. */
const MAX_TIMES = 2 ** 12;

/**
 * Milliseconds of a plan: the shortest of a few runs, after a warm-up.
 *
 * @throws Error if the device has been lost, or seems to be
 */
export async function timePlan(device: GPUDevice, plan: Plan, runs = RUNS): Promise<number> {
  /** The shortest run; stops at the first one below `min`, which is too short to count. */
  const best = async (times: number, min: number) => {
    let shortest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < runs && shortest >= min; i++) {
      shortest = Math.min(shortest, await timeOf(device, plan, times));
    }
    return shortest;
  };
  await timeOf(device, plan, 1);
  const empty = await best(0, 0);
  const min = Math.max(MIN_WAITS * empty, MIN_MS);
  for (let times = 1; times <= MAX_TIMES; times *= 2) {
    const milliseconds = await best(times, min);
    if (milliseconds >= min) return (milliseconds - empty) / times;
  }
  throw new Error('The graphics device reports work as done in no time: it may have been lost.');
}

/** Milliseconds from the submission of the plan, repeated, until the browser reports completion. */
async function timeOf(device: GPUDevice, plan: Plan, times: number): Promise<number> {
  const started = performance.now();
  const encoder = device.createCommandEncoder();
  plan.record(encoder, times);
  device.queue.submit([encoder.finish()]);
  await promptly(device, device.queue.onSubmittedWorkDone());
  return performance.now() - started;
}
