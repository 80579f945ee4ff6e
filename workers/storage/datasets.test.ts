import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetHead } from '../data/dataset.ts';
import { Aborted, BadInput } from '../errors.ts';
import { DatasetStore } from './datasets.ts';
import { folderFiles } from './folder.ts';

let root: string;
let store: DatasetStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'datasets-'));
  store = new DatasetStore(folderFiles(root));
});
afterEach(() => rm(root, { recursive: true }));

/** All files below the root. */
const everything = async () =>
  (await readdir(root, { recursive: true, withFileTypes: true })).filter((e) => e.isFile());

/** Twelve pictures of 2 × 2: picture i is all i, its class is i % 3, and the last four are for testing. */
const pixels = (from = 0, to = 12) =>
  Uint8Array.from({ length: 12 * (to - from) }, (_, i) => from + Math.floor(i / 12));
const head: DatasetHead = {
  name: 'Twelve',
  side: 2,
  count: 12,
  classes: ['a', 'b', 'c'],
  labels: Int16Array.from({ length: 12 }, (_, i) => i % 3),
  sources: [
    { name: 'one.bin', part: 'train' },
    { name: 'two.bin', part: 'test' },
  ],
  sourceOf: Uint16Array.from({ length: 12 }, (_, i) => Number(i >= 8)),
  skipped: ['readme.txt'],
  damaged: [],
  notes: [],
};
const add = (to = store, change: Partial<DatasetHead> = {}) =>
  to.add(async (sink) => {
    await sink(pixels(0, 5), 2);
    await sink(pixels(5, 12), 2);
    return { ...head, ...change };
  });

describe('a data set that was added', () => {
  it('is there again after a reload, with everything that it came with', async () => {
    const added = await add();
    expect(added).toMatchObject({
      name: 'Twelve',
      side: 2,
      count: 12,
      classes: ['a', 'b', 'c'],
      labelled: 12,
      bytes: 12 * 16,
      skipped: ['readme.txt'],
      damaged: [],
      notes: [],
      sources: [
        { name: 'one.bin', part: 'train', count: 8 },
        { name: 'two.bin', part: 'test', count: 4 },
      ],
    });
    const reloaded = new DatasetStore(folderFiles(root));
    const { skipped: _, damaged: __, notes: ___, ...kept } = added;
    expect(await reloaded.list()).toEqual([kept]);
    const { head: again, pixels: read } = await reloaded.open(added.id);
    expect([again.labels, again.sourceOf, again.classes]).toEqual([head.labels, head.sourceOf, head.classes]);
    expect(await read(3, 6)).toEqual(pixels(3, 6));
  });

  it('leaves nothing beside its folder', async () => {
    const { id } = await add();
    expect((await everything()).map((e) => e.name).sort()).toEqual([
      'about.json',
      'labels.bin',
      'pictures.bin',
      'sources.bin',
    ]);
    expect(await readdir(join(root, 'datasets'))).toEqual([id]);
  });

  it('is listed with the newest first', async () => {
    const first = await add(store, { name: 'first' });
    await writeFile(
      join(root, 'datasets', first.id, 'about.json'),
      (await readFile(join(root, 'datasets', first.id, 'about.json'), 'utf8')).replace(/"created":\d+/, '"created":5'),
    );
    await add(store, { name: 'second' });
    expect((await store.list()).map(({ name }) => name)).toEqual(['second', 'first']);
  });

  it('of a newer version is left alone, and not listed', async () => {
    const { id } = await add();
    const about = join(root, 'datasets', id, 'about.json');
    await writeFile(about, (await readFile(about, 'utf8')).replace('"version":1', '"version":9'));
    const before = (await everything()).length;
    expect(await store.list()).toEqual([]);
    expect((await everything()).length).toBe(before);
  });

  it('can be renamed', async () => {
    const { id } = await add();
    expect((await store.rename(id, '  Dozen ')).name).toBe('Dozen');
    expect((await store.list())[0].name).toBe('Dozen');
    await expect(store.rename(id, '  ')).rejects.toThrow(new BadInput('A data set needs a name.'));
    await expect(store.rename(id, 'x'.repeat(81))).rejects.toThrow(new BadInput('A name has at most 80 letters.'));
  });

  it('can have its parts told anew', async () => {
    const { id } = await add();
    await store.setPart(id, 1, 'train');
    expect((await store.list())[0].sources.map(({ part }) => part)).toEqual(['train', 'train']);
    expect((await store.open(id)).head.sources.map(({ part }) => part)).toEqual(['train', 'train']);
    await expect(store.setPart(id, 2, 'train')).rejects.toThrow(BadInput);
  });

  it('is gone when it is deleted, and only it', async () => {
    const [one, two] = [await add(), await add()];
    await store.remove(one.id);
    expect((await store.list()).map(({ id }) => id)).toEqual([two.id]);
    const gone = new BadInput('This data set is no longer there: it was deleted, perhaps in another tab.');
    await expect(store.open(one.id)).rejects.toThrow(gone);
    await expect(store.rename(one.id, 'x')).rejects.toThrow(gone);
    await store.remove(one.id);
  });

  it('shows as many pictures of each class, class after class', async () => {
    const { id } = await add();
    const sheet = await store.sheet(id, 7);
    expect([...sheet.labels]).toEqual([0, 0, 1, 1, 2, 2]);
    expect(sheet.side).toBe(2);
    sheet.labels.forEach((label, i) => {
      expect(sheet.pixels[12 * i] % 3).toBe(label);
    });
  });

  it('shows pictures from all over where there are no classes', async () => {
    const { id } = await add(store, { classes: [], labels: new Int16Array(12).fill(-1) });
    const sheet = await store.sheet(id, 5);
    expect(sheet.pixels.length).toBe(5 * 12);
    expect(new Set(sheet.pixels).size).toBe(5);
    expect((await store.sheet(id, 100)).labels.length).toBe(12);
  });
});

describe('half a data set', () => {
  it('does not stay when reading fails or is stopped', async () => {
    const kept = await add();
    for (const error of [new BadInput('Bad.'), new Aborted(), new TypeError('a fault')]) {
      const failed = store.add(async (sink) => {
        await sink(pixels(), 2);
        throw error;
      });
      await expect(failed).rejects.toBe(error);
      expect((await everything()).length).toBe(4);
    }
    expect((await store.list()).map(({ id }) => id)).toEqual([kept.id]);
  });

  it.each([100, 150, 172, 190, 300, 400])('does not stay when the disk is full at %i more bytes', async (room) => {
    const kept = await add();
    const before = (await everything()).length;
    const used = (await folderFiles(root).use()).used;
    const full = new DatasetStore(folderFiles(root, used + room));
    const error = await add(full).then(
      () => undefined,
      (e) => e,
    );
    expect(error).toBeInstanceOf(BadInput);
    expect(error.message).toMatch(
      /^There is no room for this data set in the browser's storage( \(0 MB of 0 MB are in use\))?: delete a data set, or free some of the disk\.$/,
    );
    expect((await everything()).length).toBe(before);
    const { pixels: read } = await store.open(kept.id);
    expect(await read(0, 12)).toEqual(pixels());
  });

  it('keeps its former name when there is no room for the new one', async () => {
    const { id } = await add();
    const { used } = await folderFiles(root).use();
    const full = new DatasetStore(folderFiles(root, used + 10));
    await expect(full.rename(id, 'Another')).rejects.toThrow(BadInput);
    expect((await store.list())[0].name).toBe('Twelve');
    expect((await everything()).length).toBe(4);
  });

  it('that a crash left is not listed, and is swept away', async () => {
    const kept = await add();
    const files = folderFiles(root);
    const crashed = ['11111111-1111-1111-1111-111111111111', '22222222-2222-2222-2222-222222222222'];
    for (const [i, place] of ['datasets-aside', 'datasets'].entries()) {
      const writer = await files.create(`${place}/${crashed[i]}/pictures.bin`);
      await writer.write(pixels());
      await writer.close();
    }
    expect((await store.list()).map(({ id }) => id)).toEqual([kept.id]);
    expect((await everything()).length).toBe(4);
  });

  it('that is being written, by this tab or another, is left alone', async () => {
    let listed: unknown;
    const added = await store.add(async (sink) => {
      await sink(pixels(), 2);
      listed = await store.list();
      return head;
    });
    expect(listed).toEqual([]);
    expect((await store.list()).map(({ id }) => id)).toEqual([added.id]);
  });

  it('whose files do not fit together is named', async () => {
    const { id } = await add();
    await writeFile(join(root, 'datasets', id, 'pictures.bin'), pixels(0, 11));
    await expect(store.open(id)).rejects.toThrow(
      new BadInput('The data set "Twelve" is damaged: delete it and add it again.'),
    );
  });
});

it('asks for no file outside of its folder', async () => {
  await expect(store.open('../../etc')).rejects.toThrow(new BadInput('There is no such data set.'));
});
