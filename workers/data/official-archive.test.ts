/**
 * The official archive as people download it, read as a stream by a program whose memory is
 * watched.
 * @module-tag cifar10
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { createTarPacker } from 'modern-tar';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CIFAR10_NAMES } from '../../tools/cifar10.ts';
import { CIFAR_10_CLASSES } from './class-names.ts';
import { fromRowPlanes } from './planes.ts';
import { officialCifar } from './testing.ts';
import type { ArchiveReport } from './testing-archive.ts';

let folder: string;
let archive: string;
/** md5 of the pixels of all six files in the archive's order. */
let pixels: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cifar-archive-'));
  archive = join(folder, 'cifar-10-binary.tar.gz');
  const { readable, controller } = createTarPacker();
  const add = async (name: string, body: Uint8Array) => {
    const writer = controller.add({ name: `cifar-10-batches-bin/${name}`, size: body.length }).getWriter();
    await writer.write(body);
    await writer.close();
  };
  const hash = createHash('md5');
  const pack = async () => {
    for (const name of CIFAR10_NAMES) {
      const bytes = await officialCifar(name);
      const rgb = new Uint8Array(3072);
      for (let at = 1; at < bytes.length; at += 3073) {
        fromRowPlanes(bytes, at, rgb, 0, 32);
        hash.update(rgb);
      }
      await add(`${name}.bin`, bytes);
    }
    await add('batches.meta.txt', new TextEncoder().encode(`${CIFAR_10_CLASSES.join('\n')}\n\n`));
    await add('readme.html', new TextEncoder().encode('<html></html>'));
    controller.finalize();
  };
  await Promise.all([pipeline(Readable.fromWeb(readable as never), createGzip(), createWriteStream(archive)), pack()]);
  pixels = hash.digest('hex');
}, 300_000);
afterAll(() => rm(folder, { recursive: true }));

async function read(...args: string[]): Promise<ArchiveReport> {
  const program = fileURLToPath(new URL('testing-archive.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program, archive, ...args]);
  return JSON.parse(stdout);
}

it('gives all 60,000 pictures in less than 400 MB, and tells how far it is', { timeout: 180_000 }, async () => {
  const { size } = await stat(archive);
  expect(size / 2 ** 20).toBeGreaterThan(155);
  const report = await read();
  expect(report).toMatchObject({ count: 60_000, pixels, late: 0 });
  expect(report.sources.map(({ part }) => part)).toEqual(['train', 'train', 'train', 'train', 'train', 'test']);
  expect(report.megabytes).toBeLessThan(400);
  expect(report.progress).toMatchObject({ rising: true, last: size, total: size });
  expect(report.progress.calls).toBeGreaterThan(100);
});

it('stops soon after it is asked to, and hands on nothing more', { timeout: 180_000 }, async () => {
  const report = await read('50000000');
  expect(report).toMatchObject({ stopped: 'AbortError', late: 0, count: 0 });
  expect(report.progress.last).toBeLessThan(53e6);
});
