import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import { afterEach, expect, test } from 'vitest';
import { entries } from './entries.ts';

const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

/** The start of the worker shares code with a part that it loads later, as the lab does. */
const SITE = {
  'index.html': '<!doctype html><script type="module" src="/main.js"></script>',
  'main.js': 'import "./start.js";',
  'start.js':
    'new Worker(new URL("./lab.worker.js", import.meta.url), { type: "module" }); export const page = {}; import("./later.js");',
  'later.js': 'import { page } from "./start.js"; page.isLater = true;',
  'lab.worker.js': 'import "./serve.js";',
  'serve.js': 'import { lab } from "./shared.js"; lab.starts = (lab.starts ?? 0) + 1; import("./rare.js");',
  'shared.js': 'export const lab = globalThis;',
  'rare.js': 'import { lab } from "./shared.js"; lab.isRare = true;',
};

/** Builds a made-up site; gives the built scripts by their names. */
async function buildSite(files: Record<string, string> = {}, plugins = [entries(STARTS)]) {
  const root = await mkdtemp(join(tmpdir(), 'entries-'));
  folders.push(root);
  for (const [name, text] of Object.entries({ ...SITE, ...files })) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  await build({ root, configFile: false, logLevel: 'silent', worker: { format: 'es' }, plugins });
  const assets = join(root, 'dist/assets');
  const names = await readdir(assets);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(assets, name), 'utf8')] as const)),
  );
}

const STARTS = { page: 'start.js', worker: 'serve.js' };

const importers = (built: Map<string, string>, entry: RegExp) => {
  const name = [...built.keys()].find((one) => entry.test(one))!;
  return [...built].filter(([other, code]) => other !== name && new RegExp(`(from|import)\\W*\\./${name}`).test(code));
};

test('what an entry starts and shares lies in chunks of its own', async () => {
  const built = await buildSite();
  expect(importers(built, /^lab\.worker-/)).toEqual([]);
  expect(importers(built, /^index-/)).toEqual([]);
});

test('left to the bundler, the entry of a worker is imported by what it loads later', async () => {
  const built = await buildSite({ 'lab.worker.js': SITE['serve.js'] }, []);
  expect(importers(built, /^lab\.worker-/)).not.toEqual([]);
});

test('a build in which a chunk imports an entry fails', async () => {
  const inEntry = 'import "./serve.js"; export const own = {}; import("./late.js");';
  const files = { 'lab.worker.js': inEntry, 'late.js': 'import { own } from "./lab.worker.js"; own.isLate = true;' };
  await expect(buildSite(files)).rejects.toThrow(
    /imports the entry .*lab\.worker-.*, which WebKit would then run twice/,
  );
});
