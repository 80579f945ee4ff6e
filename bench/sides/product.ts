/** One matrix product, timed. */
import { matmul, type Tile } from '../../workers/engine/kernels/matmul.ts';
import { type Plan, PlanBuilder, rangeOf } from '../../workers/engine/plan.ts';
import { timed } from '../measure.ts';

export interface Product {
  m: number;
  n: number;
  k: number;
  transposeA: boolean;
  transposeB: boolean;
}

/** A plan of one product, and how to be rid of its memory. */
export async function planOf(
  device: GPUDevice,
  product: Product,
  tile: Tile,
): Promise<{ plan: Plan; free: () => void }> {
  const { m, n, k } = product;
  const make = (elements: number, value?: number) => {
    const buffer = device.createBuffer({ size: 4 * elements, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST });
    if (value !== undefined) device.queue.writeBuffer(buffer, 0, new Float32Array(elements).fill(value));
    return buffer;
  };
  const buffers = [make(m * k, 0.5), make(k * n, 0.25), make(m * n)];
  const [a, b, c] = buffers.map((buffer) => rangeOf('matrix', buffer));
  const plan = new PlanBuilder(device);
  matmul(plan, tile, { label: 'product', ...product, a, b, c });
  const built = await plan.build();
  return {
    plan: built,
    free: () => {
      built.dispose();
      for (const buffer of buffers) buffer.destroy();
    },
  };
}

/** Milliseconds of `times` runs in one pass. */
export async function runFor(device: GPUDevice, plan: Plan, times: number): Promise<number> {
  const { milliseconds } = await timed(1, () => {
    const encoder = device.createCommandEncoder();
    plan.record(encoder, times);
    device.queue.submit([encoder.finish()]);
    return device.queue.onSubmittedWorkDone();
  });
  return milliseconds;
}
