/**
 * The tile of each layout of matrix product, by timing on the device: no tile is best everywhere (a fixed choice reaches
 * 80 % of each GPU's own best on average and 44 % at worst). A short list, one product of the model's own size for each
 * layout, the best of a few runs.
 */

import type { TrainingTuning } from './forward-plan.ts';
import { matmul, TILES, type Tile } from './kernels/matmul.ts';
import { PlanBuilder, rangeOf } from './plan.ts';
import { timePlan } from './timing.ts';

/** Rows enough to fill a GPU, few enough to time in milliseconds. */
const MOST_ROWS = 4096;

/** The fastest tiles for a model of width d that trains on `rows` positions at once, in f32 or f16. */
export async function fastestTiles(
  device: GPUDevice,
  d: number,
  rows: number,
  half = false,
  tiles: Tile[] = TILES,
): Promise<TrainingTuning['tiles']> {
  const m = Math.min(rows, MOST_ROWS);
  const memory = device.createBuffer({ label: 'tile timing', size: 4 * 4 * d * m, usage: GPUBufferUsage.STORAGE });
  const result = device.createBuffer({
    label: 'tile timing',
    size: 4 * Math.max(4 * d * d, 4 * d * m),
    usage: GPUBufferUsage.STORAGE,
  });
  // As the MLP has them: forward, gradient of the input, gradient of the weight.
  const shapes = {
    nn: { m, n: 4 * d, k: d, half },
    nt: { m, n: d, k: 4 * d, transposeB: true, half },
    tn: { m: d, n: 4 * d, k: m, transposeA: true, half: false },
  };
  const fastest = async ({ half: halfResult, ...shape }: (typeof shapes)[keyof typeof shapes]): Promise<Tile> => {
    let best: { tile: Tile; milliseconds: number } | undefined;
    for (const tile of tiles) {
      const plan = new PlanBuilder(device);
      const operand = { ...rangeOf('operand', memory), half };
      const c = { ...rangeOf('result', result), half: halfResult };
      matmul(plan, tile, { label: 'timed', ...shape, a: operand, b: operand, c });
      const built = await plan.build();
      const milliseconds = await timePlan(device, built);
      built.dispose();
      if (!best || milliseconds < best.milliseconds) best = { tile, milliseconds };
    }
    return best!.tile;
  };
  const chosen = { nn: await fastest(shapes.nn), nt: await fastest(shapes.nt), tn: await fastest(shapes.tn) };
  memory.destroy();
  result.destroy();
  return chosen;
}
