/**
 * Data sets as the page uses them, in Node: a folder for the browser's private files, a local
 * server for the bundled data.
 * @module-tag cifar10
 */

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { knownFile } from '../../tools/shipped-models.ts';
import type { DatasetCalls, LoadProgress } from '../contract.ts';
import { officialCifar } from '../data/testing.ts';
import { folderFiles } from '../storage/folder.ts';
import { createDatasets } from './datasets.ts';

const RECORD = 3073;
const ignore = () => {};
let root: string;
let lab: DatasetCalls;
let server: Server;
let shard: Uint8Array;
/** Answers by path; a function gets to write as it likes. */
let served: Record<string, Uint8Array | string | ((end: () => void, write: (b: Uint8Array) => void) => void)>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lab-datasets-'));
  shard = (await officialCifar('data_batch_1')).subarray(0, 3000 * RECORD);
  served = {};
  server = createServer((request, response) => {
    const answer = served[request.url!];
    if (answer === undefined) return response.writeHead(404).end();
    if (typeof answer !== 'function') return response.end(answer);
    answer(
      () => response.destroy(),
      (bytes) => response.write(bytes),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as { port: number };
  lab = createDatasets({ files: () => folderFiles(root), cifar10: `http://localhost:${port}/cifar10/` });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(root, { recursive: true });
});

const dropped = (path: string, bytes: Uint8Array) => ({ path, file: new File([bytes as BlobPart], path) });
const index = (files: Record<string, Uint8Array>) =>
  JSON.stringify({ files: Object.entries(files).map(([name, bytes]) => ({ name, ...knownFile(bytes) })) });
const filesLeft = async () => (await readdir(root, { recursive: true })).filter((name) => name.includes('.'));

describe('dropped files', () => {
  it('become a data set, with progress', async () => {
    const told: LoadProgress[] = [];
    const added = await lab.addDataset([dropped('data_batch_1.bin', shard)], (p) => told.push(p));
    expect(added).toMatchObject({ name: 'CIFAR-10', count: 3000, labelled: 3000 });
    expect(told.at(-1)).toEqual({ loaded: shard.length, total: shard.length });
    expect(told.length).toBeLessThan(300);
    expect((await lab.listDatasets()).map(({ id }) => id)).toEqual([added.id]);
    const sheet = await lab.datasetSheet(added.id, 100);
    expect([...sheet.labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((label) => new Array(10).fill(label)));
    expect((await lab.storageUse()).used).toBeGreaterThan(added.bytes);
    await lab.deleteDataset(added.id);
    expect(await lab.listDatasets()).toEqual([]);
    expect(await filesLeft()).toEqual([]);
  });

  it('leave nothing when adding them is cancelled, or overtaken by other files', async () => {
    let calls = 0;
    const cancelled = lab.addDataset([dropped('a.bin', shard)], () => {
      if (++calls === 2) void lab.cancelDataset();
    });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    expect(await filesLeft()).toEqual([]);
    const first = lab.addDataset([dropped('a.bin', shard)], ignore);
    const second = lab.addDataset([dropped('b.bin', shard.subarray(0, 5 * RECORD))], ignore);
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    await expect(second).resolves.toMatchObject({ count: 5 });
    expect((await lab.listDatasets()).length).toBe(1);
  });
});

describe('the bundled CIFAR-10', () => {
  const two = () =>
    index({ 'data_batch_1.bin': shard.subarray(0, 20 * RECORD), 'test_batch.bin': shard.subarray(0, 10 * RECORD) });

  it('is fetched a shard at a time, only as much as is asked for', async () => {
    served['/cifar10/index.json'] = two();
    served['/cifar10/data_batch_1.bin'] = shard.subarray(0, 20 * RECORD);
    expect(await lab.bundledDataset()).toEqual({ bytes: [20 * RECORD, 10 * RECORD] });
    expect(await lab.addBundledDataset('first', ignore)).toMatchObject({ name: 'CIFAR-10', count: 20 });
    served['/cifar10/test_batch.bin'] = shard.subarray(0, 10 * RECORD);
    const all = await lab.addBundledDataset('all', ignore);
    expect(all.sources).toEqual([
      { name: 'data_batch_1.bin', part: 'train', count: 20 },
      { name: 'test_batch.bin', part: 'test', count: 10 },
    ]);
  });

  it('is the same as the dropped files, labels and pixels', async () => {
    served['/cifar10/index.json'] = two();
    served['/cifar10/data_batch_1.bin'] = shard.subarray(0, 20 * RECORD);
    const bundled = await lab.addBundledDataset('first', ignore);
    const own = await lab.addDataset([dropped('data_batch_1.bin', shard.subarray(0, 20 * RECORD))], ignore);
    const all = await lab.datasetSheet(own.id, 200);
    expect(all.labels.length).toBe(20);
    expect(await lab.datasetSheet(bundled.id, 200)).toEqual(all);
  });

  it('is said to be missing where it is', async () => {
    const missing = 'CIFAR-10 was not built into this page.';
    expect(await lab.bundledDataset()).toEqual({ bytes: [], note: missing });
    await expect(lab.addBundledDataset('first', ignore)).rejects.toThrow(missing);
    served['/cifar10/index.json'] = JSON.stringify({ files: [], note: 'Because.' });
    await expect(lab.addBundledDataset('all', ignore)).rejects.toThrow('Because.');
    // A server that answers anything with its start page.
    served['/cifar10/index.json'] = '<!doctype html>';
    expect(await lab.bundledDataset()).toEqual({ bytes: [], note: missing });
  });

  it('leaves nothing when the connection breaks or a file is not there', async () => {
    served['/cifar10/index.json'] = two();
    served['/cifar10/data_batch_1.bin'] = (end, write) => {
      write(shard.subarray(0, 2 * RECORD));
      setImmediate(end);
    };
    await expect(lab.addBundledDataset('first', ignore)).rejects.toThrow(
      'The download of data_batch_1.bin broke off: try again.',
    );
    served['/cifar10/data_batch_1.bin'] = shard.subarray(0, 20 * RECORD);
    await expect(lab.addBundledDataset('all', ignore)).rejects.toThrow(
      'test_batch.bin could not be fetched (status 404).',
    );
    expect(await lab.listDatasets()).toEqual([]);
    expect(await filesLeft()).toEqual([]);
  });

  it('is refused where a byte of it was changed on the way, and nothing of it stays', async () => {
    served['/cifar10/index.json'] = two();
    const damaged = shard.slice(0, 20 * RECORD);
    damaged[7 * RECORD + 99] ^= 1;
    served['/cifar10/data_batch_1.bin'] = damaged;
    await expect(lab.addBundledDataset('first', ignore)).rejects.toThrow(
      'data_batch_1.bin arrived damaged: try again.',
    );
    expect(await filesLeft()).toEqual([]);
  });

  it('can be cancelled while a server keeps one waiting', async () => {
    served['/cifar10/index.json'] = two();
    let asked: () => void = ignore;
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    served['/cifar10/data_batch_1.bin'] = () => asked();
    const adding = lab.addBundledDataset('first', ignore);
    await isAsked;
    await lab.cancelDataset();
    await expect(adding).rejects.toMatchObject({ name: 'AbortError' });
    expect(await filesLeft()).toEqual([]);
  });
});

describe('a palette', () => {
  it('is fitted to a data set at the side asked for', async () => {
    const { id } = await lab.addDataset([dropped('a.bin', shard.subarray(0, 400 * RECORD))], ignore);
    const told: number[] = [];
    const request = { dataset: id, colours: 64, side: 16, seed: 3 };
    const { palette, bytes } = await lab.fitPalette(request, (done) => told.push(done));
    expect([palette.length, bytes.length, told.at(-1)]).toEqual([192, 192, 1]);
    expect((await lab.fitPalette(request, ignore)).palette).toEqual(palette);
    const { psnr } = await lab.previewReduction({ dataset: id, side: 16, palette });
    expect(psnr).toBeGreaterThan(25);
    const { palette: smaller } = await lab.fitPalette({ ...request, colours: 4 }, ignore);
    expect((await lab.previewReduction({ dataset: id, side: 16, palette: smaller })).psnr).toBeLessThan(psnr - 5);
  });

  it('can be looked at: the same pictures before and after, a class each', async () => {
    const { id } = await lab.addDataset([dropped('a.bin', shard.subarray(0, 200 * RECORD))], ignore);
    const palette = Float32Array.of(-1, -1, -1, 1, 1, 1);
    const { before, after } = await lab.previewReduction({ dataset: id, side: 8, palette });
    expect(before).toEqual(await lab.datasetSheet(id, 10));
    expect([...after.labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([after.side, after.pixels.length]).toEqual([8, 10 * 8 * 8 * 3]);
    const whiter = Array.from({ length: 64 }, (_, i) => {
      const [x, y] = [i % 8, i >> 3];
      let sum = 0;
      for (let dy = 0; dy < 4; dy++) {
        for (let dx = 0; dx < 4; dx++) {
          for (let c = 0; c < 3; c++) sum += before.pixels[3 * (32 * (4 * y + dy) + 4 * x + dx) + c];
        }
      }
      return sum / 48 > 127.5 ? 255 : 0;
    });
    expect(whiter.filter((byte, i) => byte !== after.pixels[3 * i]).length).toBeLessThanOrEqual(1);
    expect(whiter).toContain(0);
    expect(whiter).toContain(255);
  });

  it('can be cancelled', async () => {
    const { id } = await lab.addDataset([dropped('a.bin', shard.subarray(0, 100 * RECORD))], ignore);
    const fitting = lab.fitPalette({ dataset: id, colours: 512, side: 32, seed: 3 }, () => void lab.cancelDataset());
    await expect(fitting).rejects.toMatchObject({ name: 'AbortError' });
  });
});
