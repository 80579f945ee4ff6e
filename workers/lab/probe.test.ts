/**
 * Probes as the page asks for them, in Node on WebAssembly: stored CIFAR pictures, a model of
 * files, a run's weights.
 * @module-tag cifar10
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simdKernels } from '../../tools/simd-kernels.ts';
import type { IncomingFile, Lab, ProbeProgress, ProbeRequest, ProbeResult } from '../contract.ts';
import { officialCifar } from '../data/testing.ts';
import { Aborted, BadInput } from '../errors.ts';
import { folderFiles } from '../storage/folder.ts';
import { createLab } from './lab.ts';

const RECORD = 3073;
const ignore = () => {};

let root: string;
let lab: Lab;
let request: ProbeRequest;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'probes-'));
  const wasm = fileURLToPath(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')));
  const files = () => folderFiles(root);
  lab = createLab({
    gpu: undefined,
    wasm,
    kernels: await simdKernels(),
    models: { address: 'http://localhost/' },
    files,
  });
  await lab.start('wasm');
  request = {
    dataset: await stored('cifar', [
      ['data_batch_1', 200],
      ['test_batch', 120],
    ]),
    model: { kind: 'files', files: await modelFolder() },
    subject: 'model',
    objective: 'autoregressive',
    seed: 3,
  };
}, 120_000);

afterAll(() => rm(root, { recursive: true }));

async function stored(name: string, shards: ['data_batch_1' | 'test_batch', number][]): Promise<string> {
  const incoming = [];
  for (const [shard, count] of shards) {
    const bytes = (await officialCifar(shard)).slice(0, count * RECORD);
    incoming.push({ path: `${shard}.bin`, file: new File([bytes as BlobPart], `${shard}.bin`) });
  }
  const { id } = await lab.addDataset(incoming, ignore);
  await lab.renameDataset(id, name);
  return id;
}

function modelFolder(): Promise<IncomingFile[]> {
  const folder = new URL('../igpt/fixtures/f16-2x32x4/', import.meta.url);
  const names = ['config.json', 'preprocessor_config.json', 'model.safetensors'];
  return Promise.all(
    names.map(async (path) => ({ path, file: new File([await readFile(new URL(path, folder))], path) })),
  );
}

async function probed(change: Partial<ProbeRequest> = {}) {
  const progress: ProbeProgress[] = [];
  const results: ProbeResult[] = [];
  const summary = await lab.probe(
    { ...request, ...change },
    (p) => progress.push(p),
    (r) => results.push(r),
  );
  return { progress, results, summary };
}

it('tells a result for each layer, what it is doing, and which pictures were judged', async () => {
  const { progress, results, summary } = await probed();
  expect(results.map((r) => r.layers)).toEqual([[0], [1], [2]]);
  expect(new Set(progress.map((p) => p.stage))).toEqual(new Set(['pictures', 'features', 'fitting']));
  expect([summary.learnt, summary.tested.length, summary.classes.length]).toEqual([200, 120, 10]);
  expect([...summary.tested]).toEqual(Array.from({ length: 120 }, (_, i) => 200 + i));
  for (const { accuracy, predicted } of results) {
    const right = summary.labels.filter((label, i) => predicted[i] === label).length;
    expect(accuracy).toBeCloseTo(right / 120, 10);
  }
});

it('shows the pictures that were judged', async () => {
  const sheet = await lab.testedPictures(request.dataset, Uint32Array.of(201, 0));
  const [train, test] = [await officialCifar('data_batch_1'), await officialCifar('test_batch')];
  expect([...sheet.labels]).toEqual([test[RECORD], train[0]]);
  expect(sheet.pixels).toHaveLength(2 * 3072);
  expect(sheet.pixels[0]).toBe(test[RECORD + 1]);
});

it('probes an untrained model of the same size and the raw pixels', async () => {
  const { results: own } = await probed();
  const { results: untrained } = await probed({ subject: 'untrained' });
  expect(untrained.map((r) => r.layers)).toEqual([[0], [1], [2]]);
  expect(untrained.map((r) => r.probability)).not.toEqual(own.map((r) => r.probability));
  const { results: pixels, progress } = await probed({ subject: 'pixels' });
  expect(pixels.map((r) => r.layers)).toEqual([[]]);
  expect(progress.some((p) => p.stage === 'features')).toBe(false);
});

it('takes no more pictures than it may, the same for the same seed, and layers side by side', async () => {
  const change = { most: { train: 150, test: 100 }, labels: 40, layers: [1], concatenated: [0, 1, 2] };
  const { results, summary } = await probed(change);
  expect(results.map((r) => r.layers)).toEqual([[1], [0, 1, 2]]);
  expect([summary.learnt, summary.tested.length]).toEqual([40, 100]);
  expect((await probed(change)).results).toEqual(results);
  expect([...(await probed({ ...change, seed: 4 })).summary.tested]).not.toEqual([...summary.tested]);
});

it('puts all layers side by side, whatever their number, and probes none by itself', async () => {
  const { results } = await probed({ layers: [], concatenated: 'all' });
  expect(results.map((r) => r.layers)).toEqual([[0, 1, 2]]);
  const { results: named } = await probed({ layers: [], concatenated: [0, 1, 2] });
  expect(results).toEqual(named);
});

it('takes labels from all training pictures, and reads no others', async () => {
  const { progress, summary } = await probed({ most: { train: 20, test: 100 }, labels: 40, layers: [0] });
  expect(summary.learnt).toBe(40);
  expect(progress.find((p) => p.stage === 'pictures')).toMatchObject({ total: 140 });
});

it('lets other work in between', async () => {
  let done = false;
  const probing = probed({ subject: 'untrained' }).then(() => {
    done = true;
  });
  await lab.openModel({ kind: 'files', files: await modelFolder() }, ignore);
  await lab.score(new Int16Array(64));
  expect(done).toBe(false);
  await probing;
});

it('says so when nothing has been started', async () => {
  const idle = createLab({ gpu: undefined, wasm: '', models: { address: '' }, files: () => folderFiles(root) });
  await expect(idle.probe(request, ignore, ignore)).rejects.toThrow('Nothing has been started yet.');
});

it('stops when asked, or when the next one begins', async () => {
  const stopped = lab.probe(request, (p) => void (p.stage === 'features' && lab.cancelProbe()), ignore);
  await expect(stopped).rejects.toBeInstanceOf(Aborted);
  const first = lab.probe(request, ignore, ignore);
  const second = probed();
  await expect(first).rejects.toBeInstanceOf(Aborted);
  expect((await second).results).toHaveLength(3);
});

describe('says in one sentence, before anything is read, what is wrong with', () => {
  it.each([
    [
      'a test part that lacks a class',
      { most: { train: 200, test: 5 } },
      /^The test part has no picture of the class "/,
    ],
    ['too few labels', { labels: 3 }, '3 labels are too few for 10 classes.'],
    ['a layer that is not there', { layers: [3] }, 'There is no layer 3: this model has the layers 0 to 2.'],
    ['a data set that is gone', { dataset: crypto.randomUUID() }, /^This data set is no longer there/],
  ] as [string, Partial<ProbeRequest>, string | RegExp][])('%s', async (_, change, sentence) => {
    const failure = await probed(change).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(BadInput);
    expect((failure as BadInput).message).toMatch(sentence);
  });
});
