/** How fast the engine is on this device, at the two shapes of work that decide: see igpt/speed.ts. */
import { PROBE, type Speed } from '../igpt/speed.ts';
import { linear } from './kernels/linear.ts';
import { matmul } from './kernels/matmul.ts';
import { PlanBuilder, rangeOf } from './plan.ts';
import { timePlan } from './timing.ts';
import type { Tuning } from './tuning.ts';

/** Products that follow each other in a run: about as many as a token takes, and enough to fill a GPU in training. */
const DISPATCHES = 16;

export async function measureEngine(device: GPUDevice, tuning: Tuning): Promise<Speed> {
  const { k, n, rowsTraining, rowsDecoding } = PROBE;
  const make = (elements: number) => {
    const usage = GPUBufferUsage.STORAGE;
    return rangeOf('probe', device.createBuffer({ label: 'speed probe', size: 4 * elements, usage }));
  };
  const [a, b, c] = [make(rowsTraining * k), make(k * n), make(rowsTraining * n)];
  const training = new PlanBuilder(device);
  matmul(training, tuning.training.tiles.nn, { label: 'probe', m: rowsTraining, n, k, a, b, c });
  const decoding = new PlanBuilder(device);
  for (let i = 0; i < DISPATCHES; i++) {
    linear(decoding, tuning.decoding, { label: 'probe', m: rowsDecoding, n, k, x: a, w: b, y: c });
  }
  const speed = { training: await rate(device, training), decoding: await rate(device, decoding) };
  for (const { own } of [a, b, c]) own!.buffer.destroy();
  return speed;
}

/** Operations a second. */
async function rate(device: GPUDevice, builder: PlanBuilder): Promise<number> {
  const plan = await builder.build();
  const milliseconds = await timePlan(device, plan);
  plan.dispose();
  return (plan.flops / milliseconds) * 1000;
}
