/**
 * Data sets in the browser's own private files, through the built worker itself: what a reload keeps, what a full disk leaves,
 * and the picture formats that only a browser decodes.
 */

import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { zipSync } from 'fflate';
import type { DatasetInfo, DatasetSheet, Lab } from '../workers/contract.ts';
import { readCifar10 } from '../workers/data/cifar.ts';
import { gzip, officialCifar, png, tar } from '../workers/data/testing.ts';
import { expect, test } from './helpers.ts';
import { records } from './pictures.ts';

const worker = readdirSync(new URL('../dist/assets', import.meta.url)).find((name) =>
  /^lab\.worker-.*\.js$/.test(name),
);
const comlink = new URL('../node_modules/comlink/dist/umd/comlink.js', import.meta.url).pathname;

/** A page that is nothing but a place to call the worker from. */
async function openLab(page: Page): Promise<void> {
  await page.route('**/blank.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><html lang="en"><title>Blank</title></html>' }),
  );
  await page.goto('/blank.html');
  await page.addScriptTag({ path: comlink });
  await page.evaluate((name) => {
    const { Comlink } = window as never as { Comlink: typeof import('comlink') };
    const lab = Comlink.wrap(new Worker(new URL(`/assets/${name}`, location.href), { type: 'module' }));
    const fileOf = (base64: string, path: string) =>
      new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], path.split('/').at(-1)!);
    const add = (files: Record<string, string>) =>
      (lab as never as Lab).addDataset(
        Object.entries(files).map(([path, base64]) => ({ path, file: fileOf(base64, path) })),
        Comlink.proxy(() => {}),
      );
    Object.assign(window, { lab, add, ignore: Comlink.proxy(() => {}) });
  }, worker);
}

interface Globals {
  lab: Lab;
  add(files: Record<string, string>): Promise<DatasetInfo>;
  ignore: () => void;
}
declare const window: Globals & typeof globalThis;

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const add = (page: Page, files: Record<string, Uint8Array>): Promise<DatasetInfo> =>
  page.evaluate(
    (content) => window.add(content),
    Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, base64(bytes)])),
  );
const list = (page: Page) => page.evaluate(() => window.lab.listDatasets());
const sheet = async (page: Page, id: string, count: number) => {
  const { side, pixels, labels } = await page.evaluate(
    async ([id, count]) => {
      const { side, pixels, labels }: DatasetSheet = await window.lab.datasetSheet(id, count);
      return { side, pixels: [...pixels], labels: [...labels] };
    },
    [id, count] as const,
  );
  return { side, pixels, labels };
};
/** Every file in the private file system, by path. */
const privateFiles = (page: Page) =>
  page.evaluate(async () => {
    const paths: string[] = [];
    const visit = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const [name, handle] of folder.entries()) {
        if (handle.kind === 'file') paths.push(`${path}/${name}`);
        else await visit(handle as FileSystemDirectoryHandle, `${path}/${name}`);
      }
    };
    await visit(await navigator.storage.getDirectory(), '');
    return paths;
  });

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
/** Of a file among the stored data sets, as sha256 gives it. */
const digest = (page: Page, path: string) =>
  page.evaluate(async (path) => {
    const [id, name] = path.split('/');
    const root = await navigator.storage.getDirectory();
    const folder = await (await root.getDirectoryHandle('datasets')).getDirectoryHandle(id);
    const file = await (await folder.getFileHandle(name)).getFile();
    const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }, path);

test('a shard is still there after a reload, can be renamed, and is gone when it is deleted', async ({ page }) => {
  await openLab(page);
  const added = await add(page, { 'data_batch_1.bin': records(30) });
  expect(added).toMatchObject({ name: 'CIFAR-10', side: 32, count: 30 });
  await page.evaluate((id) => window.lab.renameDataset(id, 'Mine'), added.id);
  await page.evaluate((id) => window.lab.renameDataset(id, 'Mine again'), added.id);
  await openLab(page);
  expect(await list(page)).toMatchObject([{ id: added.id, name: 'Mine again', count: 30 }]);
  const { pixels, labels } = await sheet(page, added.id, 20);
  expect(labels).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((label) => [label, label]));
  labels.forEach((label, i) => {
    expect(pixels[i * 3072] % 10).toBe(label);
  });
  await page.evaluate((id) => window.lab.deleteDataset(id), added.id);
  expect(await list(page)).toEqual([]);
  expect(await privateFiles(page)).toEqual([]);
});

test('archives are read: a tar.gz of shards, a zip of pictures in folders of all formats', async ({ page }) => {
  await openLab(page);
  const packed = await gzip(await tar({ 'cifar/data_batch_1.bin': records(10), 'cifar/test_batch.bin': records(5) }));
  expect(await add(page, { 'cifar-10-binary.tar.gz': packed })).toMatchObject({
    count: 15,
    sources: [
      { part: 'train', count: 10 },
      { part: 'test', count: 5 },
    ],
  });
  const encoded = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(40, 20);
    const context = canvas.getContext('2d')!;
    context.fillStyle = 'rgb(200, 100, 50)';
    context.fillRect(0, 0, 40, 20);
    const types = ['image/jpeg', 'image/webp'];
    const blobs = await Promise.all(types.map((type) => canvas.convertToBlob({ type, quality: 1 })));
    return Promise.all(blobs.map(async (blob) => [...new Uint8Array(await blob.arrayBuffer())]));
  });
  const plain = png(
    Uint8Array.from({ length: 3 * 20 * 20 }, (_, i) => [200, 100, 50][i % 3]),
    20,
  );
  const [jpeg, webp] = encoded.map((bytes) => Uint8Array.from(bytes));
  const zipped = zipSync({ 'cat/1.jpg': jpeg, 'dog/2.webp': webp, 'dog/3.png': plain });
  const pictures = await add(page, { 'pets.zip': zipped });
  expect(pictures).toMatchObject({ name: 'pets', side: 20, count: 3, classes: ['cat', 'dog'], labelled: 3 });
  const { pixels } = await sheet(page, pictures.id, 10);
  expect(pixels.length).toBe(3 * 1200);
  for (const [i, x] of pixels.entries()) expect(Math.abs(x - [200, 100, 50][i % 3])).toBeLessThan(8);
});

test('bad files and a full disk leave nothing behind, and what is stored stays', async ({ page, context }) => {
  await openLab(page);
  const kept = await add(page, { 'data_batch_1.bin': records(20) });
  const before = await privateFiles(page);
  const bad = records(20);
  bad[3 * 3073] = 200;
  await expect(add(page, { 'bad.bin': bad })).rejects.toThrow('its record 3 (from 0, at byte 9219) has the label 200');
  expect(await privateFiles(page)).toEqual(before);

  const session = await context.newCDPSession(page);
  const origin = new URL(page.url()).origin;
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 500_000 });
  await expect(add(page, { 'large.bin': records(2000) })).rejects.toThrow(
    /There is no room for this data set in the browser's storage.*: delete a data set, or free some of the disk\./,
  );
  await session.send('Storage.overrideQuotaForOrigin', { origin });
  expect(await privateFiles(page)).toEqual(before);
  expect((await sheet(page, kept.id, 20)).labels.length).toBe(20);
});

test('what a tab left half written is swept away by the next one, but not while it is being written', async ({
  page,
  context,
}) => {
  // A server that never answers keeps the first tab in the middle of its work.
  await context.route('**/cifar10/data_batch_1.bin', () => {});
  await openLab(page);
  const asked = page.waitForRequest('**/cifar10/data_batch_1.bin');
  const adding = page
    .evaluate(() => window.lab.addBundledDataset('first', window.ignore))
    .catch((error: Error) => error.message);
  await asked;
  const other = await context.newPage();
  await openLab(other);
  expect(await list(other)).toEqual([]);
  expect(await privateFiles(other)).toEqual([expect.stringMatching(/^\/datasets-aside\/[^/]+\/pictures\.bin$/)]);
  await page.close();
  await expect(adding).resolves.toContain('closed');
  await expect
    .poll(async () => {
      await list(other);
      return privateFiles(other);
    })
    .toEqual([]);
});

test('the bundled CIFAR-10 is one call away', async ({ page }) => {
  await openLab(page);
  const bundled = await page.evaluate(() => window.lab.bundledDataset());
  expect(bundled.bytes).toEqual(new Array(6).fill(30_730_000));
  const added = await page.evaluate(() => window.lab.addBundledDataset('first', window.ignore));
  expect(added).toMatchObject({ name: 'CIFAR-10', count: 10_000, labelled: 10_000 });
  // What is stored is what the official file holds, to the byte.
  const { pixels, labels } = readCifar10(await officialCifar('data_batch_1'));
  expect(await digest(page, `${added.id}/pictures.bin`)).toBe(sha256(pixels));
  expect(await digest(page, `${added.id}/labels.bin`)).toBe(sha256(new Uint8Array(Int16Array.from(labels).buffer)));
  const use = await page.evaluate(() => window.lab.storageUse());
  expect(use.used).toBeGreaterThan(30e6);
  expect(use.quota).toBeGreaterThan(use.used);
});
