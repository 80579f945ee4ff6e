/** Models written anew from the command line: what comes out is what went in, and what cannot be done is one sentence. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { readModelFolder } from '../workers/formats/huggingface.ts';
import { run } from './export.ts';
import { readFolder } from './options.ts';

const model = fileURLToPath(new URL('../workers/igpt/fixtures/bf16-1x40x2', import.meta.url));

let folder: string;
let printed: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
});

it('a folder of bfloat16 comes out in full precision, to the bit, and has only the three files', async () => {
  const out = join(folder, 'new', 'f32');
  await run(['--model', model, '--out', out, '--json']);
  expect((await readdir(out)).sort()).toEqual(['config.json', 'model.safetensors', 'preprocessor_config.json']);
  const [before, after] = [await readFolder(model), await readFolder(out)];
  expect([after.config, after.palette]).toEqual([before.config, before.palette]);
  for (const [name, values] of before.weights) expect(after.weights.get(name), name).toEqual(values);
  const sizes = await Promise.all((await readdir(out)).map(async (name) => (await readFile(join(out, name))).length));
  expect(JSON.parse(printed[0])).toEqual({ out, dtype: 'F32', bytes: sizes.reduce((a, b) => a + b) });
});

it('a zip in half precision has a folder inside, and half the bytes of weights', async () => {
  const out = join(folder, 'small.zip');
  await run(['--model', model, '--out', out, '--dtype', 'F16']);
  const entries = unzipSync(await readFile(out));
  const names = ['config.json', 'preprocessor_config.json', 'model.safetensors'];
  expect(Object.keys(entries)).toEqual(names.map((name) => `small/${name}`));
  const half = readModelFolder(new Map(names.map((name) => [name, entries[`small/${name}`]])));
  for (const [name, values] of (await readFolder(model)).weights) {
    const halves = half.weights.get(name)!;
    expect(values.findIndex((x, i) => Math.abs(halves[i] - x) > Math.max(Math.abs(x) * 2 ** -11, 2 ** -25))).toBe(-1);
  }
});

it.each([
  [['--out', 'x'], '--model is missing.'],
  [['--model', model], '--out is missing.'],
  [['--model', model, '--out', 'x', '--dtype', 'BF16'], '--dtype is F32 or F16, not BF16.'],
  [['--model', 'nowhere', '--out', 'x'], 'The folder nowhere cannot be read.'],
])('%j is refused: %s', async (args, sentence) => {
  await expect(run(args)).rejects.toThrow(sentence);
});

it('what lies in the way is said', async () => {
  const taken = join(folder, 'taken');
  await writeFile(taken, '');
  await expect(run(['--model', model, '--out', join(taken, 'inside')])).rejects.toThrow(
    /taken.inside cannot be written\.$/,
  );
});
