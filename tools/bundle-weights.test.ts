import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import { afterEach, expect, test, vi } from 'vitest';
import { bundleWeights } from './bundle-weights.ts';

const folders: string[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

const PAGE = 'index.html';
const SITE = {
  [PAGE]: '<!doctype html><script type="module" src="/page.js"></script>',
  'page.js': 'new Worker(new URL("./lab.worker.js", import.meta.url), { type: "module" }); import("./later.js");',
  'later.js': 'console.log("later");',
  'lab.worker.js': 'console.log("worker");',
};

/** Builds a made-up site; resolves to what was printed about it. */
async function buildSite(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'bundle-weights-'));
  folders.push(root);
  for (const [name, text] of Object.entries({ ...SITE, ...files })) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  const plugins = [bundleWeights()];
  await build({ root, configFile: false, logLevel: 'silent', worker: { format: 'es' }, plugins });
  return log.mock.calls.flat().join('\n');
}

/** A module that gzip cannot make much smaller than this. */
const heavy = (kilobytes: number) => `globalThis.heavy = "${randomBytes(1000 * kilobytes).toString('base64')}";`;

test('a light site is built and its page and worker are listed', async () => {
  const printed = await buildSite({});
  expect(printed).toMatch(/^page {4}index-.+ KB of 150 KB gzip$/m);
  expect(printed).toMatch(/^worker {2}lab\.worker-.+ KB of 250 KB gzip$/m);
});

test('a page that is too heavy fails the build', async () => {
  const page = `${SITE['page.js']} import "./heavy.js";`;
  await expect(buildSite({ 'page.js': page, 'heavy.js': heavy(160) })).rejects.toThrow(
    /The page's index-.+ loads 1\d\d\.\d KB of JavaScript, more than the 150 KB allowed\./,
  );
});

test('what the page loads later does not count', async () => {
  await expect(buildSite({ 'later.js': heavy(160) })).resolves.toMatch(/^page .* \d\.\d KB of/m);
});

test('a worker that is too heavy fails the build, one that loads its weight later does not', async () => {
  const files = { 'heavy.js': heavy(260) };
  await expect(buildSite({ ...files, 'lab.worker.js': 'import "./heavy.js";' })).rejects.toThrow(
    /The worker's lab\.worker-.+ loads 2\d\d\.\d KB/,
  );
  await expect(buildSite({ ...files, 'lab.worker.js': 'import("./heavy.js");' })).resolves.toContain('worker');
});

test('tfjs in the page fails the build, tfjs in the worker does not', async () => {
  const files = {
    'node_modules/@tensorflow/tfjs-core/package.json': '{"name": "@tensorflow/tfjs-core", "main": "index.js"}',
    'node_modules/@tensorflow/tfjs-core/index.js': 'exports.tensor = () => console.log("tensor");',
  };
  const use = 'import { tensor } from "@tensorflow/tfjs-core"; tensor();';
  await expect(buildSite({ ...files, 'later.js': use })).rejects.toThrow(
    'The page itself imports tfjs (@tensorflow/tfjs-core/index.js), which belongs to the worker.',
  );
  await expect(buildSite({ ...files, 'lab.worker.js': use })).resolves.toContain('worker');
});
