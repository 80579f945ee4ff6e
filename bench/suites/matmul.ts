/** Matrix products at the shapes of a training step: the engine's kernel, its tile picked by timing, against tfjs's. */
import * as tf from '@tensorflow/tfjs-core';
import { adapterName } from '../../workers/contract.ts';
import { TILES } from '../../workers/engine/kernels/matmul.ts';
import type { Plan } from '../../workers/engine/plan.ts';
import { inTurn, type Side, timed } from '../measure.ts';
import { compare } from '../rows.ts';
import { ownDevice, tfjsOnWebgpu } from '../sides/devices.ts';
import { type Product, planOf, runFor } from '../sides/product.ts';
import type { Workload } from '../workload.ts';
import type { Context } from './suite.ts';

type Layout = 'nn' | 'nt' | 'tn';

/** Forward, the gradient of the input, and the gradient of the weight of every kind of linear layer, by layout. */
function productsOf({ config, batch }: Workload): Record<Layout, Product[]> {
  const { n_embd: d, n_positions: T, n_colours: V } = config;
  const rows = batch * T;
  const plain = { transposeA: false, transposeB: false };
  const layers: [k: number, n: number][] = [
    [d, 3 * d],
    [d, d],
    [d, 4 * d],
    [4 * d, d],
  ];
  return {
    nn: [...layers.map(([k, n]) => ({ ...plain, m: rows, n, k })), { ...plain, m: rows, n: d, k: V }],
    nt: [...layers.map(([k, n]) => ({ m: rows, n: k, k: n })), { m: rows, n: V, k: d }].map((p) => ({
      ...p,
      transposeA: false,
      transposeB: true,
    })),
    tn: [...layers.map(([k, n]) => ({ m: k, n, k: rows })), { m: V, n: d, k: rows }].map((p) => ({
      ...p,
      transposeA: true,
      transposeB: false,
    })),
  };
}

const flopsOf = (list: Product[]) => list.reduce((sum, { m, n, k }) => sum + 2 * m * n * k, 0);

export async function matmul({ platform, workload, wanted, emit, effort, log }: Context): Promise<void> {
  const open = await ownDevice(platform);
  const place = { env: platform.env, adapter: adapterName(open.info) };
  await tfjsOnWebgpu(platform);
  const how = `At the shapes of ${workload.batch} pictures; our tile picked by timing for each product.`;
  const seconds = { ours: 0, tfjs: 0 };
  let work = 0;
  for (const [layout, list] of Object.entries(productsOf(workload))) {
    const name = `matmul-${layout}-vs-tfjs`;
    if (!wanted(name) && !wanted('matmul-vs-tfjs')) continue;
    const peer = tfjsFor(list);
    await peer.sample();
    const results = await inTurn([await oursFor(open.device, list), peer], { ...effort, rounds: 5 });
    const [a, b] = (['ours', 'tfjs'] as const).map((side) => {
      const { outcome } = results.get(side)!;
      seconds[side] += 'value' in outcome ? flopsOf(list) / 1e9 / outcome.value : Number.NaN;
      return outcome;
    });
    work += flopsOf(list) / 1e9;
    log(`${name}: ${JSON.stringify([a, b])}`);
    if (wanted(name)) emit(compare(place, name, 'GFLOP/s', a, b, how));
  }
  const [a, b] = [seconds.ours, seconds.tfjs].map((s) => ({ value: work / s }));
  if (wanted('matmul-vs-tfjs')) emit(compare(place, 'matmul-vs-tfjs', 'GFLOP/s', a, b, `All three layouts. ${how}`));
}

/** How often a list is run, so that submitting and waiting weigh little. */
const REPEATS = 4;

async function oursFor(device: GPUDevice, list: Product[]): Promise<Side> {
  const plans: Plan[] = [];
  for (const product of list) {
    let best: { plan: Plan; free: () => void } | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const tile of TILES) {
      const candidate = await planOf(device, product, tile);
      await runFor(device, candidate.plan, 1);
      const time = await runFor(device, candidate.plan, 3);
      const [kept, dropped] = time < least ? [candidate, best] : [best, candidate];
      least = Math.min(least, time);
      best = kept;
      dropped?.free();
    }
    plans.push(best!.plan);
  }
  const sample = () =>
    timed((REPEATS * flopsOf(list)) / 1e9, () => {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      for (let i = 0; i < REPEATS; i++) for (const plan of plans) plan.encode(pass);
      pass.end();
      device.queue.submit([encoder.finish()]);
      return device.queue.onSubmittedWorkDone();
    });
  return { name: 'ours', sample };
}

function tfjsFor(list: Product[]): Side {
  const pairs = list.map(({ m, n, k, transposeA, transposeB }) => ({
    a: tf.fill(transposeA ? [k, m] : [m, k], 0.5) as tf.Tensor2D,
    b: tf.fill(transposeB ? [n, k] : [k, n], 0.25) as tf.Tensor2D,
    transposeA,
    transposeB,
  }));
  const sample = () =>
    timed((REPEATS * flopsOf(list)) / 1e9, async () => {
      const last = tf.tidy(() => {
        let corner: tf.Tensor | undefined;
        for (let i = 0; i < REPEATS; i++) {
          for (const { a, b, transposeA, transposeB } of pairs) {
            const c = tf.matMul(a, b, transposeA, transposeB);
            if (i === REPEATS - 1) corner = tf.slice(c, [0, 0], [1, 1]);
            else c.dispose();
          }
        }
        return corner!;
      });
      await last.data(); // waits for everything before it
      last.dispose();
    });
  return { name: 'tfjs', sample };
}
