/** The most that matrix products reach on a device: the best tile on a large square product. What training is measured against. */
import { matmul, TILES, type Tile } from './kernels/matmul.ts';
import { PlanBuilder, rangeOf } from './plan.ts';
import { timePlan } from './timing.ts';

const SMALLEST = 512;
const LARGEST = 4096;

export interface Peak {
  /** Operations a second. */
  flops: number;
  /** The matrices were size × size. */
  size: number;
}

/** Doubles the product until the best tile takes so many milliseconds: shorter ones measure what starting them costs. */
export async function measuredPeak(device: GPUDevice, tiles: Tile[] = TILES, milliseconds = 60): Promise<Peak> {
  for (let size = SMALLEST; ; size *= 2) {
    const best = await fastest(device, tiles, size);
    if (best >= milliseconds || size >= LARGEST) return { flops: (2 * size ** 3 * 1000) / best, size };
  }
}

async function fastest(device: GPUDevice, tiles: Tile[], size: number): Promise<number> {
  const usage = GPUBufferUsage.STORAGE;
  const buffers = Array.from({ length: 3 }, () => device.createBuffer({ label: 'peak', size: 4 * size * size, usage }));
  const [a, b, c] = buffers.map((buffer) => rangeOf('peak', buffer));
  let best = Number.POSITIVE_INFINITY;
  for (const tile of tiles) {
    const builder = new PlanBuilder(device);
    matmul(builder, tile, { label: 'peak', m: size, n: size, k: size, a, b, c });
    const plan = await builder.build();
    best = Math.min(best, await timePlan(device, plan));
    plan.dispose();
  }
  for (const buffer of buffers) buffer.destroy();
  return best;
}
