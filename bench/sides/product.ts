/** One matrix product, timed. */
import { matmul, type Tile } from '../../workers/engine/kernels/matmul.ts';
import { type Plan, PlanBuilder, rangeOf } from '../../workers/engine/plan.ts';
import { float32ToFloat16 } from '../../workers/formats/halves.ts';
import { timed } from '../measure.ts';

export interface Product {
  m: number;
  n: number;
  k: number;
  transposeA: boolean;
  transposeB: boolean;
}

/** A plan of one product, and how to be rid of its memory. In f16 the gradient of a weight stays f32, as in training. */
export async function planOf(
  device: GPUDevice,
  product: Product,
  tile: Tile,
  half = false,
): Promise<{ plan: Plan; free: () => void }> {
  const { m, n, k } = product;
  const make = (elements: number, inHalves: boolean, value?: number) => {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    const buffer = device.createBuffer({ size: (inHalves ? 2 : 4) * elements, usage });
    if (value !== undefined) {
      const [half] = float32ToFloat16(Float32Array.of(value));
      const numbers = inHalves ? new Uint16Array(elements).fill(half) : new Float32Array(elements).fill(value);
      device.queue.writeBuffer(buffer, 0, numbers);
    }
    return { ...rangeOf('matrix', buffer), half: inHalves };
  };
  const ranges = [make(m * k, half, 0.5), make(k * n, half, 0.25), make(m * n, half && !product.transposeA)];
  const [a, b, c] = ranges;
  const plan = new PlanBuilder(device);
  matmul(plan, tile, { label: 'product', ...product, a, b, c });
  const built = await plan.build();
  return {
    plan: built,
    free: () => {
      built.dispose();
      for (const { own } of ranges) own!.buffer.destroy();
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
