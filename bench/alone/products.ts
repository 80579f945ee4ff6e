/** Matrix products by tile: large squares, and those of the widest layer of a model at the rows of a training step. */
import { TILES, type Tile } from '../../workers/engine/kernels/matmul.ts';
import { timePlan } from '../../workers/engine/timing.ts';
import { sentence } from '../measure.ts';
import { alone, shown } from '../rows.ts';
import { type Product, planOf } from '../sides/product.ts';
import type { Bench } from './bench.ts';
import type { Precision, Size } from './options.ts';

/** Threads, and rows × columns of a thread; with how many it goes through shared memory at a time. */
export const tileName = ({ wx, wy, tm, tn, bk }: Tile): string => `${wx}×${wy}·${tm}×${4 * tn}${bk ? `/${bk}` : ''}`;

const LAYOUTS = {
  nn: { transposeA: false, transposeB: false },
  nt: { transposeA: false, transposeB: true },
  tn: { transposeA: true, transposeB: false },
};

/** The products of the MLP's first layer: forward, gradient of its input, gradient of its weight. */
function productsOf({ config: { n_embd: d, n_positions }, batch }: Size): [string, Product][] {
  const rows = batch * n_positions;
  return [
    ['nn', { ...LAYOUTS.nn, m: rows, n: 4 * d, k: d }],
    ['nt', { ...LAYOUTS.nt, m: rows, n: d, k: 4 * d }],
    ['tn', { ...LAYOUTS.tn, m: d, n: 4 * d, k: rows }],
  ];
}

export async function products(bench: Bench, precisions: Precision[]): Promise<void> {
  const { squares, sizes } = bench.options;
  for (const precision of precisions) {
    for (const side of squares) {
      const square = { ...LAYOUTS.nn, m: side, n: side, k: side };
      await byTile(bench, `product-${side}-nn-${precision}`, square, precision === 'f16');
    }
    for (const size of sizes) {
      for (const [layout, product] of productsOf(size)) {
        await byTile(bench, `product-${size.name}-${layout}-${precision}`, product, precision === 'f16');
      }
    }
  }
}

/** The best tile's rate, with that of every other in the note. */
async function byTile({ open, place, emit }: Bench, name: string, product: Product, half: boolean): Promise<void> {
  const rates: { tile: Tile; rate: number }[] = [];
  const failures: string[] = [];
  for (const tile of TILES) {
    try {
      const { plan, free } = await planOf(open.device, product, tile, half);
      rates.push({ tile, rate: plan.flops / 1e6 / (await timePlan(open.device, plan, 3)) });
      free();
    } catch (error) {
      failures.push(`${tileName(tile)}: ${sentence(error)}`);
    }
  }
  rates.sort((a, b) => b.rate - a.rate);
  const { m, n, k } = product;
  const listed = rates.map(({ tile, rate }) => `${tileName(tile)}: ${shown(rate)}`);
  const outcome = rates.length ? { value: rates[0].rate } : { failure: failures[0] };
  emit(alone(place, name, 'GFLOP/s', outcome, [`${m}×${n}×${k}.`, ...listed, ...failures].join(' ')));
}
