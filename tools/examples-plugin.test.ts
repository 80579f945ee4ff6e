import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build, createServer } from 'vite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WITHOUT_CIFAR } from './examples.ts';
import { examples } from './examples-plugin.ts';

const MODEL = 'public/models/igpt-cifar-16/preprocessor_config.json';
const DESCRIPTION = 'examples/igpt-cifar-16.json';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'examples-'));
  await write('index.html', '<!doctype html><html lang="en"><head><title>Page</title></head></html>');
});

afterEach(() => rm(root, { recursive: true }));

async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), text);
}

/** A black-and-white model of 2 × 2 pixels with one drawing of our own and one CIFAR-10 picture. */
async function writeModel(): Promise<void> {
  const clusters = [
    [-1, -1, -1],
    [1, 1, 1],
  ];
  const common = { given: 'top half', completions: [{ sampled: [0, 1], bits: 1 }], originalBits: 2 };
  const pictures = [
    { name: 'stripe', tokens: [0, 0, 1, 1], ...common },
    { name: 'cat', cifar10Test: 0, ...common },
  ];
  const sampling = { temperature: 1, topK: 0, topP: 1, seed: 3 };
  await write(MODEL, JSON.stringify({ clusters, size: 2 }));
  await write(DESCRIPTION, JSON.stringify({ model: 'igpt-cifar-16', sampling, pictures }));
}

async function built(): Promise<{ shown: { pictures: { name: string }[]; note?: string } }> {
  await build({ root, base: './', configFile: false, logLevel: 'silent', plugins: [examples()] });
  const read = (name: string) => readFile(join(root, 'dist', name), 'utf8');
  return { shown: JSON.parse(await read('examples/igpt-cifar-16.json')) };
}

test('the built site has the examples of each model', async () => {
  await writeModel();
  const { shown } = await built();
  expect(shown.pictures.map(({ name }) => name)).toEqual(['stripe']);
  expect(shown.note).toBe(WITHOUT_CIFAR);
});

test('a model without examples is built all the same, and says what is missing', async () => {
  await writeModel();
  await rm(join(root, DESCRIPTION));
  const { shown } = await built();
  expect(shown.pictures).toEqual([]);
  expect(shown.note).toBe(`There are no examples because ${DESCRIPTION} is missing.`);
});

test('the development server has the examples too', async () => {
  await writeModel();
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'silent',
    optimizeDeps: { noDiscovery: true },
    server: { ws: false, watch: null },
    plugins: [examples()],
  });
  try {
    await server.listen();
    const response = await fetch(new URL('examples/igpt-cifar-16.json', server.resolvedUrls?.local[0]));
    expect(response.headers.get('content-type')).toBe('application/json');
    expect((await response.json()).pictures[0].name).toBe('stripe');
  } finally {
    await server.close();
  }
});
