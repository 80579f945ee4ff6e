/** Where the GPU's time goes: a training step and a token step by kernel, by the device's own clock. */
import type { Plan } from '../../workers/engine/plan.ts';
import { readBack } from '../../workers/engine/read-back.ts';
import { median, sentence } from '../measure.ts';
import { alone, shown } from '../rows.ts';
import { RATE, taskOfStep } from '../workload.ts';
import type { Bench } from './bench.ts';
import { parametersOf, tokenStep } from './decoding.ts';
import type { Precision } from './options.ts';
import { trainerOf } from './training.ts';

const RUNS = 9;
/** Kernels that get a row; the others share one. */
const TOP = 15;

/**
 * Nanoseconds from the end of one dispatch to the end of the next: what each adds to the plan, the wait for the one before
 * included. Medians of a few runs after a first one; `before` goes before each.
 *
 * @throws RangeError on a device without `timestamp-query`, or for a plan that has more dispatches than queries
 */
export async function profile(device: GPUDevice, plan: Plan, before = () => {}): Promise<number[]> {
  if (!device.features.has('timestamp-query')) throw new RangeError('This device has no timestamp-query.');
  const count = plan.length + 1;
  const querySet = device.createQuerySet({ type: 'timestamp', count });
  const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
  const buffer = device.createBuffer({ label: 'timestamps', size: 8 * count, usage });
  const runs: number[][] = [];
  for (let run = 0; run <= RUNS; run++) {
    before();
    const encoder = device.createCommandEncoder();
    plan.recordTimed(encoder, querySet);
    encoder.resolveQuerySet(querySet, 0, count, buffer, 0);
    const times = new BigInt64Array(await readBack(device, encoder, [{ buffer, bytes: 8 * count }]));
    if (run > 0) runs.push(Array.from({ length: plan.length }, (_, i) => Number(times[i + 1] - times[i])));
  }
  querySet.destroy();
  buffer.destroy();
  return Array.from({ length: plan.length }, (_, i) => median(runs.map((times) => times[i])));
}

export interface Kernel {
  name: string;
  count: number;
  microseconds: number;
  flops: number;
  bytes: number;
}

/** Sums over the dispatches of a kernel, the layers put together, the slowest first. */
export function byKernel(costs: Plan['costs'], nanoseconds: number[]): Kernel[] {
  const kernels = new Map<string, Kernel>();
  costs.forEach(({ label, flops, bytes }, i) => {
    const name = label.replace(/^\d+ /, '');
    const kernel = kernels.get(name) ?? { name, count: 0, microseconds: 0, flops: 0, bytes: 0 };
    kernels.set(name, kernel);
    kernel.count++;
    kernel.microseconds += nanoseconds[i] / 1000;
    kernel.flops += flops;
    kernel.bytes += bytes;
  });
  return [...kernels.values()].sort((a, b) => b.microseconds - a.microseconds);
}

export async function profiles(bench: Bench, precisions: Precision[]): Promise<void> {
  for (const size of bench.options.sizes) {
    for (const precision of precisions) {
      await report(bench, `profile-train-${size.name}-${precision}`, async () => {
        const { trainer } = await trainerOf(bench, size, precision);
        await trainer.step(taskOfStep(size.config, size.batch, 0), RATE);
        const nanoseconds = await profile(bench.open.device, trainer.stepPlan);
        const { costs } = trainer.stepPlan;
        trainer.dispose();
        return byKernel(costs, nanoseconds);
      });
      await report(bench, `profile-decode-${size.name.replace(/-b\d+$/, '')}-${precision}`, async () => {
        const { plan, moveTo } = await tokenStep(bench, size, await parametersOf(bench, size, precision));
        const middle = Math.floor(0.75 * size.config.n_positions); // of the half that is unknown
        const nanoseconds = await profile(bench.open.device, plan, () => moveTo(middle));
        return byKernel(plan.costs, nanoseconds);
      });
    }
  }
}

async function report({ place, emit }: Bench, name: string, measure: () => Promise<Kernel[]>): Promise<void> {
  try {
    const kernels = await measure();
    const total = kernels.reduce((sum, { microseconds }) => sum + microseconds, 0);
    const dispatches = kernels.reduce((sum, { count }) => sum + count, 0);
    const how = `${dispatches} dispatches, by the device's clock, each a pass of its own: slower than one pass.`;
    emit(alone(place, name, 'µs', { value: total }, how));
    for (const kernel of kernels.slice(0, TOP)) {
      const { count, microseconds, flops, bytes } = kernel;
      const how = [
        `${((100 * microseconds) / total).toFixed(1)} %, ${count} dispatches of ${shown(microseconds / count)} µs,`,
        `${shown(flops / 1e3 / microseconds)} GFLOP/s, ${shown(bytes / 1e3 / microseconds)} GB/s bound.`,
      ].join(' ');
      emit(alone(place, `${name}: ${kernel.name}`, 'µs', { value: microseconds }, how));
    }
    const others = kernels.slice(TOP).reduce((sum, { microseconds }) => sum + microseconds, 0);
    if (others > 0) emit(alone(place, `${name}: others`, 'µs', { value: others }, ''));
  } catch (error) {
    emit(alone(place, name, 'µs', { failure: sentence(error) }, ''));
  }
}
