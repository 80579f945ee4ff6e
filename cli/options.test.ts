import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { incoming } from './options.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'igpt-data-'));
  for (const path of ['pets/train/cat/1.png', 'pets/train/dog/2.png', 'pets/test/cat/3.png', '.cache/a.bin']) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), 'x');
  }
});
afterAll(() => rm(root, { recursive: true }));

const paths = async (...asked: string[]) =>
  (await incoming(asked.map((path) => join(root, path)))).map(({ path }) => path).sort();

it.each([
  [['pets'], ['pets/test/cat/3.png', 'pets/train/cat/1.png', 'pets/train/dog/2.png']],
  [
    ['pets/train/cat/1.png', 'pets/test/cat/3.png'],
    ['pets/test/cat/3.png', 'pets/train/cat/1.png'],
  ],
  [['pets/train'], ['train/cat/1.png', 'train/dog/2.png']],
  [['pets/train/cat/1.png'], ['cat/1.png']],
  [['.cache/a.bin'], ['a.bin']],
])('%j are read with their paths from their common folder on', async (asked, shown) => {
  expect(await paths(...asked)).toEqual(shown);
});

it('what is not there is named', async () => {
  await expect(incoming(['no/such'])).rejects.toThrow('The file no/such cannot be read.');
});
