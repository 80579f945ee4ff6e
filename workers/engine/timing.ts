/**
 * How long a plan takes on the GPU. All that can be timed is a wait for it, and an empty wait takes time too: a tenth of a
 * millisecond in one browser, some milliseconds in another (read-back.ts). So a plan is run so often that an empty wait is
 * a small part of the whole, and is subtracted.
 */
import type { Plan } from './plan.ts';
import { promptly } from './read-back.ts';

const RUNS = 5;
/** What is timed takes so many empty waits at least, so that what these differ by matters little. */
const LEAST_WAITS = 8;
/** And so many milliseconds, for browsers' clocks go by steps of up to one. */
const LEAST_MS = 5;
/** A lost device does any work in no time. */
const MOST_TIMES = 2 ** 12;

/**
 * Milliseconds of a plan, the best of a few runs after one that warms up.
 *
 * @throws Error if the device has been lost, or seems to be
 */
export async function timePlan(device: GPUDevice, plan: Plan, runs = RUNS): Promise<number> {
  /** The best of the runs; of fewer, once one of them is too short to count. */
  const best = async (times: number, least: number) => {
    let shortest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < runs && shortest >= least; i++) {
      shortest = Math.min(shortest, await timeOf(device, plan, times));
    }
    return shortest;
  };
  await timeOf(device, plan, 1);
  const empty = await best(0, 0);
  const least = Math.max(LEAST_WAITS * empty, LEAST_MS);
  for (let times = 1; times <= MOST_TIMES; times *= 2) {
    const milliseconds = await best(times, least);
    if (milliseconds >= least) return (milliseconds - empty) / times;
  }
  throw new Error('The graphics device does any work in no time: it may have been lost.');
}

/** Milliseconds from submitting the plan, so many times over, until the browser tells that it is done. */
async function timeOf(device: GPUDevice, plan: Plan, times: number): Promise<number> {
  const started = performance.now();
  const encoder = device.createCommandEncoder();
  plan.record(encoder, times);
  device.queue.submit([encoder.finish()]);
  await promptly(device, device.queue.onSubmittedWorkDone());
  return performance.now() - started;
}
