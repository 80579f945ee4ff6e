import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BadInput } from '../errors.ts';
import type { PrivateFiles } from './files.ts';
import { folderFiles } from './folder.ts';
import { type ModelFile, ModelStore } from './models.ts';

let root: string;
let store: ModelStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'models-'));
  store = new ModelStore(folderFiles(root));
});
afterEach(() => rm(root, { recursive: true }));

/** All files below the root. */
const everything = async () =>
  (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

const file = (name: string, ...pieces: string[]): ModelFile => ({
  name,
  async *stream() {
    for (const piece of pieces) yield new TextEncoder().encode(piece);
  },
});
const MODEL = { name: 'Mine', side: 8, parameters: 1234 };
const PARTS = [file('config.json', '{}'), file('model.safetensors', 'wei', 'ghts')];

describe('a model that was kept', () => {
  it('is there again after a reload, with its files as they came', async () => {
    const kept = await store.add(MODEL, PARTS);
    expect(kept).toMatchObject({ ...MODEL, bytes: 9 });
    const after = new ModelStore(folderFiles(root));
    expect(await after.list()).toEqual([kept]);
    const files = await after.open(kept.id);
    expect(await Promise.all(files.map(async ({ path, file }) => [path, await file.text()]))).toEqual([
      ['config.json', '{}'],
      ['model.safetensors', 'weights'],
    ]);
  });

  it('stands before those that were kept earlier', async () => {
    const first = await store.add(MODEL, PARTS);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await store.add({ ...MODEL, name: 'Other' }, PARTS);
    expect((await store.list()).map(({ id }) => id)).toEqual([second.id, first.id]);
  });

  it('takes another name, but no name that is none', async () => {
    const { id } = await store.add(MODEL, PARTS);
    expect(await store.rename(id, '  Renamed ')).toMatchObject({ id, name: 'Renamed' });
    await expect(store.rename(id, ' ')).rejects.toThrow('A model needs a name.');
    await expect(store.rename(id, 'x'.repeat(81))).rejects.toThrow('A name has at most 80 letters.');
    expect((await store.list())[0].name).toBe('Renamed');
  });

  it('is gone with all its files once it is deleted', async () => {
    const { id } = await store.add(MODEL, PARTS);
    await store.remove(id);
    expect(await everything()).toEqual([]);
    await expect(store.open(id)).rejects.toThrow('This model is no longer there');
    await expect(store.rename(id, 'x')).rejects.toThrow('This model is no longer there');
  });
});

describe('what goes wrong while a model is stored', () => {
  it('leaves nothing where there is no room, and says so with the name', async () => {
    const small = new ModelStore(folderFiles(root, 5));
    await expect(small.add(MODEL, PARTS)).rejects.toThrow(
      new BadInput(
        'There is no room for "Mine" in the browser\'s storage, so it can be used only until this page is closed: ' +
          'delete a model, a run or a data set, or free some of the disk, and open it again.',
      ),
    );
    expect(await everything()).toEqual([]);
  });

  it('leaves nothing where a file breaks off, and is thrown on', async () => {
    const broken: ModelFile = {
      name: 'model.safetensors',
      async *stream() {
        yield new Uint8Array(3);
        throw new BadInput('It has gone.');
      },
    };
    await expect(store.add(MODEL, [PARTS[0], broken])).rejects.toThrow('It has gone.');
    expect(await everything()).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5, 6])('is no model after a crash at step %i, and swept away', async (step) => {
    const files = folderFiles(root);
    let left = step;
    /** Dies for good after so many changes, as a tab does that is closed. */
    const dying = <A extends unknown[], R>(change: (...args: A) => Promise<R>) =>
      (async (...args: A) => (left-- > 0 ? change(...args) : new Promise<never>(() => {}))) as (
        ...args: A
      ) => Promise<R>;
    const mortal: PrivateFiles = {
      ...files,
      create: dying(files.create),
      move: dying(files.move),
      remove: dying(files.remove),
    };
    void new ModelStore(mortal).add(MODEL, PARTS);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const written = (await everything()).length;
    expect(written).toBeGreaterThan(0);
    expect(await store.list()).toEqual(step < 6 ? [] : [expect.objectContaining(MODEL)]);
    expect((await everything()).length).toBe(step < 6 ? 0 : written);
  });
});

describe('what lies in the storage', () => {
  it('and is of another version is left alone and not listed', async () => {
    const { id } = await store.add(MODEL, PARTS);
    const about = join(root, 'models', id, 'about.json');
    const text = (await readFile(about, 'utf8')).replace('"version":1', '"version":2');
    await writeFile(about, text);
    expect(await store.list()).toEqual([]);
    expect(await readFile(about, 'utf8')).toBe(text);
    await expect(store.open(id)).rejects.toThrow('kept by another version of this page');
  });

  it('and has lost bytes is left alone and not listed', async () => {
    const { id } = await store.add(MODEL, PARTS);
    await writeFile(join(root, 'models', id, 'model.safetensors'), 'weig');
    expect(await store.list()).toEqual([]);
    expect(await everything()).toHaveLength(3);
    await expect(store.open(id)).rejects.toThrow('The model "Mine" is damaged');
  });

  it('is reached only by an id that this page has given', async () => {
    await expect(store.open('../datasets')).rejects.toThrow('There is no such model.');
    await expect(store.remove('..')).rejects.toThrow('There is no such model.');
  });
});
