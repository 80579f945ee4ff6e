/**
 * `igpt evaluate` as a person types it: what it prints and writes, and how it fails.
 * @module-tag cifar10
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { officialCifar } from '../workers/data/testing.ts';
import { BadInput } from '../workers/errors.ts';
import * as evaluate from './evaluate.ts';

const RECORD = 3073;
const model = fileURLToPath(new URL('../workers/igpt/fixtures/f16-2x32x4', import.meta.url));

let folder: string;
let images: string;
let train: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'igpt-evaluate-'));
  [images, train] = [join(folder, 'images.bin'), join(folder, 'train.bin')];
  await writeFile(images, (await officialCifar('test_batch')).slice(0, 40 * RECORD));
  await writeFile(train, (await officialCifar('data_batch_1')).slice(0, 50 * RECORD));
});

afterAll(() => rm(folder, { recursive: true }));

function igpt(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const script = fileURLToPath(new URL('igpt.ts', import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', script, ...args], (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

it('prints one JSON object, writes the sheet and every sample, and says the same of the likelihood as score', async () => {
  const [sheet, samples] = [join(folder, 'sheet.png'), join(folder, 'samples')];
  const common = ['--model', model, '--images', images, '--json'];
  const drawing = ['--samples', '12', '--seed', '5', '--train', train, '--search', '30', '--layer', '2'];
  const { code, out, err } = await igpt('evaluate', ...common, ...drawing, '--sheet', sheet, '--samples-out', samples);
  expect(code, err).toBe(0);
  const found = JSON.parse(out);
  const scored = JSON.parse((await igpt('score', ...common)).out);
  expect(found.per_image).toEqual(scored.per_image);
  expect(found.nats_per_pixel).toBe(scored.nats_per_pixel);
  expect(found.standard_error).toBeGreaterThan(0);
  expect(found.samples).toEqual({ count: 12, seed: 5, temperature: 1, top_k: 0, top_p: 1 });
  expect(found.frechet).toMatchObject({ pictures: 12, layer: 2, width: 32, features_of: model });
  expect(found.frechet.real_against_real).toBeGreaterThan(0);
  expect(found.nearest.by_colour.searched).toBe(50);
  expect(found.nearest.by_features.searched).toBe(30);
  for (const { samples: nearest, median_of_held_back } of Object.values<typeof found.nearest.by_colour>(
    found.nearest,
  )) {
    expect(nearest).toHaveLength(12);
    expect(median_of_held_back).toBeGreaterThan(0);
  }
  expect(err).toMatch(/^\d+ of 40 pictures scored/m);
  expect(err).toContain('12 of 12 pictures drawn.');

  const { width, height } = PNG.sync.read(await readFile(sheet));
  expect([width, height]).toEqual([8 * 72 - 8, 2 * 72 - 8]);
  const files = await readdir(samples);
  expect(files).toHaveLength(12);
  const first = PNG.sync.read(await readFile(join(samples, '00000.png')));
  expect([first.width, first.height]).toEqual([8, 8]);
  const large = PNG.sync.read(await readFile(sheet));
  expect([...large.data.subarray(0, 3)]).toEqual([...first.data.subarray(0, 3)]);
});

it('says in words what it is that it has measured', async () => {
  const { code, out } = await igpt('evaluate', '--model', model, '--images', images, '--count', '5', '--samples', '6');
  expect(code).toBe(0);
  const [likelihood, distance, few] = out.trim().split('\n');
  expect(likelihood).toMatch(/^\d\.\d{4} ± 0\.\d{4} nats\/pixel, \d+\.\d{4} bits\/pixel over 5 pictures$/);
  expect(distance).toMatch(
    /^Fréchet distance of 6 samples to as many pictures: .*layer 1 \(not Inception's: this is no FID\)$/,
  );
  expect(few).toBe('6 pictures are few for 32 channels: the covariances are poorly known.');
});

describe('a sentence says what is wrong with', () => {
  beforeEach(() => {
    vi.spyOn(console, 'error').mockReturnValue();
  });

  it.each([
    ['more pictures than there are', ['--count', '41'], /there are 40 pictures, not 41\.$/],
    ['too few pictures for a distance', ['--samples', '21'], /^A distance over 21 pictures needs twice as many/],
    [
      'a layer that is not there',
      ['--samples', '4', '--layer', '3'],
      /^There is no layer 3: this model has the layers 0 to 2/,
    ],
    ['a temperature that is none', ['--temperature', 'hot'], /^The setting temperature is out of range/],
    ['a sheet of nothing', ['--sheet', 'a.png'], '--sheet needs pictures to be drawn: say how many with --samples.'],
    ['files that nobody asked for', ['more.bin'], 'There is no use for more.bin.'],
    ['a file that is not there', ['--samples', '4', '--train', 'nothing.bin'], /^The file nothing\.bin cannot be read/],
  ] as [string, string[], string | RegExp][])('%s', async (_, args, sentence) => {
    const failure = await evaluate.run(['--model', model, '--images', images, ...args]).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(BadInput);
    expect((failure as BadInput).message).toMatch(sentence);
  });

  it('a file without pictures', async () => {
    const empty = join(folder, 'empty.bin');
    await writeFile(empty, new Uint8Array(0));
    const failure = await evaluate.run(['--model', model, '--images', empty]).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(BadInput);
    expect((failure as BadInput).message).toMatch(/empty/);
  });
});
