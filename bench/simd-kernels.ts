/**
 * The SIMD kernels by themselves and at work, beside tfjs's WebAssembly backend, on one thread in one run: GFLOP/s of the
 * matrix products of a model of 4 layers and width 128, tokens/s of training and decoding, and ours / tfjs.
 *
 *   npx tsx bench/simd-kernels.ts [--plain]      (--plain: without relaxed SIMD)
 */
import * as tf from '@tensorflow/tfjs-core';
import { allowRelaxedSimd, simdKernels } from '../tools/simd-kernels.ts';
import { UNKNOWN } from '../workers/contract.ts';
import { presetConfig } from '../workers/igpt/config.ts';
import { decode } from '../workers/igpt/decode.ts';
import { initialWeights } from '../workers/igpt/init.ts';
import { taskOf } from '../workers/igpt/objectives.ts';
import { ADAMW } from '../workers/igpt/optimizer.ts';
import { uniform } from '../workers/igpt/random.ts';
import { ImageGPT } from '../workers/igpt/reference.ts';
import { useWasm } from '../workers/igpt/testing.ts';
import { freshState } from '../workers/igpt/trainer.ts';
import { complete, type Decode } from '../workers/lab/complete.ts';
import { breathe } from '../workers/lab/queue.ts';
import { Arena, roundUp } from '../workers/simd/arena.ts';
import { SimdDecoder } from '../workers/simd/decoder.ts';
import { instantiate, type Kernels, setKernels } from '../workers/simd/kernels.ts';
import { SimdTrainer } from '../workers/simd/trainer.ts';

const plain = process.argv.includes('--plain');
if (!plain) allowRelaxedSimd();
const files = await simdKernels();
setKernels(plain ? { plain: files.plain, relaxed: files.plain } : files);
tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
await useWasm();

const config = presetConfig('xs', 16);
const { n_positions: T, n_colours: V } = config;
const BATCH = 4;

/** The shortest time of each, in seconds, taking turns: the machine is never quiet, and never the same for long. */
async function race(works: (() => unknown)[], times: number): Promise<number[]> {
  const best = works.map(() => Number.POSITIVE_INFINITY);
  for (let i = 0; i < times; i++) {
    for (const [n, work] of works.entries()) {
      const started = performance.now();
      await work();
      best[n] = Math.min(best[n], (performance.now() - started) / 1000);
    }
  }
  return best;
}

interface Product {
  m: number;
  k: number;
  n: number;
  /** NN: A B. NT: A Bᵀ, a gradient of an input. TN: Aᵀ B, a gradient of a weight. Ours with all the packing it needs. */
  form: 'NN' | 'NT' | 'TN';
}

async function ours({ m, k, n, form }: Product): Promise<() => void> {
  const kernels: Kernels = await instantiate();
  const arena = new Arena(kernels);
  const [a, b, c, panels] = [m * k, k * n, m * n, k * roundUp(n, 8)].map((count) => arena.numbers(count));
  const work = arena.take(kernels.outerBytes(m, n));
  arena.commit();
  new Float32Array(kernels.memory.buffer, a, m * k + k * n).fill(0.5);
  return () => {
    if (form === 'TN') return kernels.outer(k, m, n, a, 4 * m, b, 4 * n, c, work);
    if (form === 'NN') kernels.pack(k, n, b, 4 * n, panels, 32 * k);
    else kernels.packTransposed(n, k, b, 4 * k, panels, 32 * k);
    kernels.matmul(m, n, k, a, 4 * k, 4, panels, 32 * k, 32, c, 4 * n, 0, 0, 0, 0);
  };
}

function theirs({ m, k, n, form }: Product): () => void {
  const a = tf.randomUniform(form === 'TN' ? [k, m] : [m, k]) as tf.Tensor2D;
  const b = tf.randomUniform(form === 'NT' ? [n, k] : [k, n]) as tf.Tensor2D;
  return () => tf.matMul(a, b, form === 'TN', form === 'NT').dispose();
}

console.log('| product | ours, GFLOP/s | tfjs | ratio |\n|---|---|---|---|');
const products: Product[] = [
  { m: 1024, k: 128, n: 384, form: 'NN' },
  { m: 1024, k: 128, n: 512, form: 'NN' },
  { m: 1024, k: 512, n: 128, form: 'NN' },
  { m: 1024, k: 384, n: 128, form: 'NT' },
  { m: 1024, k: 128, n: 512, form: 'NT' },
  { m: 128, k: 1024, n: 384, form: 'TN' },
  { m: 512, k: 1024, n: 128, form: 'TN' },
  { m: 8, k: 128, n: 384, form: 'NN' },
];
for (const product of products) {
  const { m, k, n, form } = product;
  const seconds = await race([await ours(product), theirs(product)], 30);
  const [own, other] = seconds.map((s) => (2e-9 * m * k * n) / s);
  console.log(`| ${form} ${m}×${k}×${n} | ${own.toFixed(1)} | ${other.toFixed(1)} | ${(own / other).toFixed(1)} |`);
}

const tokens = Int16Array.from({ length: BATCH * T }, (_, i) => Math.floor(uniform(1, 2, i) * V));

const trainer = await SimdTrainer.create(config, BATCH, ADAMW, freshState(initialWeights(config, 1)));
const task = taskOf('autoregressive', tokens, config, 0, 0);
const [step] = await race([() => trainer.step(task, 1e-3)], 30);

/** Eight variants of a picture whose first half is given. */
const VARIANTS = 8;
const half = tokens.slice(0, T).fill(UNKNOWN, T / 2);
const sampling = { temperature: 1, topK: 0, topP: 1, seed: 1, variants: VARIANTS, lookAhead: false };
const completing = (decoder: Decode) => () =>
  complete(decoder, { tokens: half, sampling }, () => {}, new AbortController().signal);

const weights = initialWeights(config, 1);
const decoder = await SimdDecoder.create(config, weights, VARIANTS);
const decoding = await race(
  [
    completing((...args) => decoder.decode(...args, breathe)),
    completing((...args) => decode(new ImageGPT(config, weights), ...args, breathe)),
  ],
  15,
);
const [own, other] = decoding.map((seconds) => (VARIANTS * T) / 2 / seconds);
console.log('\n| 4 layers, width 128, 16 × 16 | ours, tokens/s | tfjs | ratio |\n|---|---|---|---|');
console.log(`| training, batch ${BATCH} | ${((BATCH * T) / step).toFixed(0)} | | see npm run bench |`);
console.log(
  `| decoding ${VARIANTS} variants | ${own.toFixed(0)} | ${other.toFixed(0)} | ${(own / other).toFixed(1)} |`,
);
process.exit(0);
