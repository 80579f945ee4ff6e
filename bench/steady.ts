/**
 * Whether a long run holds its memory: preset nano for ten thousand steps, judged, drawn from and saved on the way, through
 * the same calls as the page's.
 *
 *   node --expose-gc --import tsx bench/steady.ts [wasm|webgpu] [steps]
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { type TrainingUpdate, USUAL_RECIPE } from '../workers/contract.ts';
import { officialCifar } from '../workers/data/testing.ts';
import { meter } from './sides/memory.ts';

register('../cli/shaders.mjs', import.meta.url);
const { start } = await import('../cli/options.ts');
const { createDatasets } = await import('../workers/lab/datasets.ts');
const { createRuns } = await import('../workers/lab/runs.ts');
const { Queue } = await import('../workers/lab/queue.ts');
const { folderFiles } = await import('../workers/storage/folder.ts');

const [wish = 'wasm', steps = '10000'] = process.argv.slice(2);
const collect = (globalThis as { gc?: () => void }).gc;
if (!collect) throw new Error('Start Node with --expose-gc.');

const backend = await start(wish);
const live = backend.training.name === 'webgpu' ? meter((tf.backend() as WebGPUBackend).device) : undefined;
const root = await mkdtemp(join(tmpdir(), 'steady-'));
const files = () => folderFiles(root);
const shard = new File([(await officialCifar('data_batch_1')) as BlobPart], 'data_batch_1.bin');
const { id: dataset } = await createDatasets({ files }).addDataset([{ path: shard.name, file: shard }], () => {});
const { clusters } = JSON.parse(await readFile('public/models/igpt-cifar-16/preprocessor_config.json', 'utf8'));
const runs = createRuns({ files, queue: new Queue(), backend: () => backend });

const total = Number(steps);
const every = total / 10;
console.log('step | JS heap, MB | array buffers, MB | GPU buffers | GPU, MB | tensors');
console.log('---:|---:|---:|---:|---:|---:');
let next = every;
await new Promise<void>((resolve, reject) => {
  const hear = ({ info }: TrainingUpdate) => {
    if (info.step >= next) {
      next += every;
      report(info.step);
    }
    if (info.phase === 'finished') resolve();
  };
  const recipe = {
    ...USUAL_RECIPE,
    batch: 1,
    steps: total,
    validateEvery: every / 4,
    validationPictures: 4,
    sampleEvery: every / 2,
    saveEvery: every / 4,
    keepEvery: 0,
  };
  const size = { layers: 2, width: 64, heads: 2, side: 16 };
  const palette = Float32Array.from(clusters.flat() as number[]);
  runs.startRun({ name: 'steady', dataset, size, palette, recipe }, hear).catch(reject);
});
await rm(root, { recursive: true });
process.exit();

function report(step: number): void {
  collect!();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2);
  const held = live?.now();
  const gpu = held ? `${held.buffers} | ${megabytes(held.bytes)}` : '– | –';
  console.log(`${step} | ${megabytes(heapUsed)} | ${megabytes(arrayBuffers)} | ${gpu} | ${tf.memory().numTensors}`);
}
