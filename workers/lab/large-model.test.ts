/**
 * A model of the size and layout of openai/imagegpt-small, to the byte, but of random weights, goes the way of a visitor's
 * files: it is announced, read, completes and scores, in no more memory than was announced. This file's tests have a process
 * of their own, whose peak is what is measured.
 */

import { openAsBlob } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { simdKernels } from '../../tools/simd-kernels.ts';
import { type IncomingFile, type Lab, UNKNOWN } from '../contract.ts';
import { parameterShapes, presetConfig } from '../igpt/config.ts';
import { createLab } from './lab.ts';

const config = presetConfig('igpt-s', 32);
const sampling = { temperature: 1, topK: 0, topP: 1, seed: 1, variants: 2, lookAhead: false };
/** Of the published file. */
const OFFICIAL_BYTES = 331_924_872;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'large-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes the three files, piece by piece: the test must not itself use the memory that it measures. */
async function writeFiles(): Promise<void> {
  const entries: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  const sizes: { bytes: number; fill: 'noise' | 'one' | 'mask' }[] = [];
  let end = 0;
  const add = (name: string, dtype: string, shape: number[], bytes: number, fill: 'noise' | 'one' | 'mask') => {
    entries[name] = { dtype, shape, data_offsets: [end, end + bytes] };
    end += bytes;
    sizes.push({ bytes, fill });
  };
  const T = config.n_positions;
  const layers = Array.from({ length: config.n_layer }, (_, i) => `transformer.h.${i}`);
  // As the library sorts them: the numbers of more bytes first, then by name.
  const real = parameterShapes(config).map(({ name, shape }): [string, number[]] => [name, shape]);
  for (const h of layers) real.push([`${h}.attn.masked_bias`, []]);
  for (const [name, shape] of real.sort()) {
    const fill = /ln_(1|2|f)/.test(name) ? 'one' : 'noise';
    add(name, 'F32', shape, 4 * shape.reduce((a, b) => a * b, 1), fill);
  }
  for (const h of layers.sort()) add(`${h}.attn.bias`, 'U8', [1, 1, T, T], T * T, 'mask');
  const json = new TextEncoder().encode(JSON.stringify(entries));
  const header = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(' '.charCodeAt(0));
  header.set(json);

  const noise = new Float32Array(1 << 18);
  let state = 1;
  for (let i = 0; i < noise.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    noise[i] = (state / 2 ** 31) * 0.035; // of standard deviation 0.02
  }
  const blocks = {
    noise: new Uint8Array(noise.buffer),
    one: new Uint8Array(new Float32Array(1 << 12).fill(1).buffer),
    mask: new Uint8Array(1 << 20).fill(1),
  };
  const file = await open(join(folder, 'model.safetensors'), 'w');
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  await file.writeFile(length);
  await file.writeFile(header);
  for (const { bytes, fill } of sizes) {
    const block = blocks[fill];
    for (let at = 0; at < bytes; at += block.length) await file.writeFile(block.subarray(0, bytes - at));
  }
  await file.close();
  const { n_layer, n_embd, n_head, n_positions } = config;
  const architecture = { model_type: 'imagegpt', n_layer, n_embd, n_head, n_positions, n_inner: null, vocab_size: 513 };
  await writeFile(join(folder, 'config.json'), JSON.stringify(architecture));
  const clusters = Array.from({ length: 512 }, (_, i) => [(i >> 6) / 4 - 1, ((i >> 3) & 7) / 4 - 1, (i & 7) / 4 - 1]);
  await writeFile(join(folder, 'preprocessor_config.json'), JSON.stringify({ clusters, size: 32 }));
}

/** As a browser has them: not in memory. */
async function filesOnDisk(): Promise<IncomingFile[]> {
  const names = ['config.json', 'preprocessor_config.json', 'model.safetensors'];
  return Promise.all(
    names.map(async (path) => ({
      path: `imagegpt-small/${path}`,
      file: (await openAsBlob(join(folder, path))) as File,
    })),
  );
}

/** Bytes, the most so far. */
const peak = () => process.resourceUsage().maxRSS * 1024;

async function startedLab(): Promise<Lab> {
  const wasm = fileURLToPath(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')));
  const lab = createLab({
    gpu: undefined,
    wasm,
    kernels: await simdKernels(),
    models: { address: 'http://localhost/' },
  });
  await lab.start('wasm');
  return lab;
}

it('loads, completes and scores in the memory that was announced', { timeout: 300_000 }, async () => {
  await writeFiles();
  const files = await filesOnDisk();
  const lab = await startedLab();
  const survey = await lab.surveyModel(files, sampling);
  expect(survey.name).toBe('imagegpt-small');
  expect(files[2].file.size).toBe(OFFICIAL_BYTES);
  expect(survey.parameters).toBe(76_571_648);

  const before = peak();
  const progress: number[] = [];
  const started = performance.now();
  await lab.openModel({ kind: 'files', files }, ({ loaded, total }) => progress.push(loaded / total));
  const loaded = performance.now();
  // A megabyte at a time, and no long silence.
  expect(progress.length).toBeGreaterThan(files[2].file.size / 2e6);
  expect(progress.at(-1)).toBe(1);

  const picture = Int16Array.from({ length: 1024 }, (_, i) => (i * 7) % 512);
  const tokens = picture.map((t, i) => (i < 1020 ? t : UNKNOWN));
  const surprise = new Float32Array(1024);
  await lab.complete({ tokens, sampling }, ({ from, to, tokens, nll }) => {
    picture.set(tokens.subarray(0, to - from), from);
    surprise.set(nll.subarray(0, to - from), from);
  });
  const completed = performance.now();
  expect([...picture.subarray(1020)].every((t) => t >= 0 && t < 512)).toBe(true);
  const scored = await lab.score(picture);
  scored.forEach((nats, i) => {
    expect(Math.abs(nats - surprise[i]), `pixel ${i}`).toBeLessThan(2e-3);
  });

  const taken = peak() - before;
  const seconds = [loaded - started, completed - loaded, performance.now() - completed].map((ms) =>
    (ms / 1000).toFixed(1),
  );
  console.info(
    `${survey.bytes} bytes: announced ${(survey.memory / 1e6).toFixed(0)} MB, ` +
      `took ${(taken / 1e6).toFixed(0)} MB; loading, completing, scoring: ${seconds.join(', ')} s`,
  );
  expect(taken).toBeLessThan(survey.memory);
  // An announcement of far too much would keep people from models that they can use.
  expect(taken).toBeGreaterThan(survey.memory / 2);
});
