import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterEach, expect, test, vi } from 'vitest';
import { fetchBeforeImport } from './fetch-before-import.ts';

let root: string;

afterEach(async () => {
  vi.unstubAllGlobals();
  await rm(root, { recursive: true });
});

/** Two parts that are loaded later share a module; each writes down that it has run. */
const SITE = {
  'main.js': 'export const parts = { one: () => import("./one.js"), two: () => import("./two.js") };',
  'one.js': 'import { ran } from "./shared.js"; ran("one"); export const name = "one";',
  'two.js': 'import { ran } from "./shared.js"; ran("two"); export const name = "two";',
  'shared.js': 'export const ran = (name) => globalThis.ran(name);',
};

/** The parts of the made-up site, as built. */
async function buildSite(): Promise<Record<'one' | 'two', () => Promise<{ name: string }>>> {
  // Vite tells it of what could not be loaded.
  vi.stubGlobal('window', new EventTarget());
  root = await mkdtemp(join(tmpdir(), 'fetch-before-import-'));
  for (const [name, text] of Object.entries(SITE)) await writeFile(join(root, name), text);
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [fetchBeforeImport()],
    build: { rolldownOptions: { input: join(root, 'main.js'), preserveEntrySignatures: 'strict' } },
  });
  const assets = join(root, 'dist/assets');
  const main = (await readdir(assets)).find((name) => name.startsWith('main-'))!;
  return (await import(/* @vite-ignore */ join(assets, main))).parts;
}

/** A host that does not answer for some files; gives the files that were asked for. */
function host(answers: (file: string) => boolean): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (address: URL) => {
    const [file] = /[a-z]+(?=-[^/]+\.js$)/.exec(address.href)!;
    asked.push(file);
    if (!answers(file)) throw new TypeError('Failed to fetch');
    return new Response('');
  });
  return asked;
}

test.each(['one', 'shared'])(
  'nothing is imported while %s cannot be fetched, and all of it when it can',
  async (lacking) => {
    const ran = vi.fn();
    vi.stubGlobal('ran', ran);
    const parts = await buildSite();
    host((file) => file !== lacking);
    await expect(parts.one()).rejects.toThrow(/^(one|shared)-.*\.js could not be fetched\.$/);
    expect(ran).not.toHaveBeenCalled();
    host(() => true);
    expect(await parts.one()).toMatchObject({ name: 'one' });
    expect(ran).toHaveBeenCalledExactlyOnceWith('one');
  },
);

test('a status that is no success is a failure', async () => {
  const parts = await buildSite();
  vi.stubGlobal('fetch', async () => new Response('', { status: 503 }));
  await expect(parts.one()).rejects.toThrow('could not be fetched');
});

test('what has come once is not fetched again', async () => {
  vi.stubGlobal('ran', () => {});
  const parts = await buildSite();
  const asked = host(() => true);
  await parts.one();
  expect(asked.sort()).toEqual(['one', 'shared']);
  await parts.one();
  await parts.two();
  expect(asked.sort()).toEqual(['one', 'shared', 'two']);
});
