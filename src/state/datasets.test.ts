import { beforeEach, expect, test, vi } from 'vitest';
import type { DatasetInfo, LoadProgress } from '../../workers/contract.ts';
import type { LabCalls } from '../lab.ts';
import { createDatasets } from './datasets.ts';
import { notices } from './notices.ts';

const info = (id: string): DatasetInfo => ({
  id,
  name: id,
  side: 32,
  count: 2,
  classes: [],
  labelled: 0,
  sources: [{ name: 'a', part: 'train', count: 2 }],
  bytes: 1,
  created: 0,
});
const sheetOf = (id: string) => ({ side: 1, pixels: Uint8Array.of(id.charCodeAt(0), 0, 0), labels: Int16Array.of(-1) });

/** A slice on a worker that keeps its data sets in a list, newest first. */
function staged(calls: Partial<LabCalls> = {}) {
  let kept: DatasetInfo[] = [];
  const change = (id: string, to: Partial<DatasetInfo>) => {
    kept = kept.map((one) => (one.id === id ? { ...one, ...to } : one));
    return kept.find((one) => one.id === id)!;
  };
  const lab = {
    listDatasets: async () => kept,
    bundledDataset: async () => ({ bytes: [1] }),
    storageUse: async () => ({ used: kept.length, quota: 10, unreadable: 0 }),
    datasetSheet: async (id: string) => sheetOf(id),
    addDataset: async ([{ path }]: { path: string }[]) => {
      kept = [info(path), ...kept];
      return { ...kept[0], skipped: ['1', '2', '3', '4', '5'] };
    },
    renameDataset: async (id: string, name: string) => change(id, { name }),
    setDatasetPart: async (id: string, _: number, part: 'train' | 'test') =>
      change(id, { sources: [{ name: 'a', part, count: 2 }] }),
    deleteDataset: async (id: string) => {
      kept = kept.filter((one) => one.id !== id);
    },
    ...calls,
  } as LabCalls;
  // As Firefox does while its question is open.
  const persist = vi.fn(() => new Promise<void>(() => {}));
  return { slice: createDatasets(() => lab, persist), persist };
}
const file = (path: string) => [{ path, file: new File([], path) }];

beforeEach(() => notices.setState({ shown: [] }));

test('what was added is listed, chosen and shown, and the browser is asked to keep it', async () => {
  const { slice, persist } = staged();
  await slice.getState().refresh();
  expect(slice.getState()).toMatchObject({ list: [], chosen: null, sheet: null, bundled: { bytes: [1] } });
  expect(persist).not.toHaveBeenCalled();
  await slice.getState().add(file('a'));
  expect(slice.getState()).toMatchObject({ list: [{ id: 'a' }], chosen: 'a', sheet: sheetOf('a'), adding: null });
  expect(slice.getState().use.used).toBe(1);
  expect(persist).toHaveBeenCalledOnce();
  expect(notices.getState().shown[0].text).toBe('No pictures or labels were read from 1, 2, 3 and 2 more.');
});

test('renaming and changing a part are seen at once; a deleted one gives its place to the next', async () => {
  const { slice } = staged();
  await slice.getState().add(file('a'));
  await slice.getState().add(file('b'));
  await slice.getState().rename('b', 'Mine');
  await slice.getState().setPart('b', 0, 'test');
  expect(slice.getState().list![0]).toMatchObject({ name: 'Mine', sources: [{ part: 'test' }] });
  await slice.getState().remove('b');
  expect(slice.getState()).toMatchObject({ list: [{ id: 'a' }], chosen: 'a', sheet: sheetOf('a') });
});

test('a worker that gives no list has been asked all the same', async () => {
  const { slice } = staged({ listDatasets: () => Promise.reject(new Error('The disk cannot be read.')) });
  expect(slice.getState().asked).toBe(false);
  await slice.getState().refresh();
  expect(slice.getState()).toMatchObject({ list: null, asked: true });
});

test('an error is told in its own words, and nothing else changes', async () => {
  const { slice } = staged({ addDataset: () => Promise.reject(new Error('a.bin is cut off.')) });
  await slice.getState().refresh();
  await slice.getState().add(file('a'));
  expect(notices.getState().shown.map(({ text }) => text)).toEqual(['a.bin is cut off.']);
  expect(slice.getState()).toMatchObject({ list: [], adding: null });
});

test('progress is that of what was begun last, and being overtaken is nothing to report', async () => {
  const calls: { tell: (p: LoadProgress) => void; fail: (e: Error) => void; done: (i: DatasetInfo) => void }[] = [];
  const { slice } = staged({
    addDataset: (_, tell) => new Promise((done, fail) => calls.push({ tell, fail, done })),
  });
  const first = slice.getState().add(file('a'));
  await vi.waitUntil(() => calls.length === 1);
  calls[0].tell({ loaded: 1, total: 9 });
  expect(slice.getState().adding).toEqual({ loaded: 1, total: 9 });
  const second = slice.getState().add(file('b'));
  await vi.waitUntil(() => calls.length === 2);
  calls[0].tell({ loaded: 2, total: 9 });
  expect(slice.getState().adding).toEqual({ loaded: 0, total: 0 });
  calls[0].fail(Object.assign(new Error('Stopped.'), { name: 'AbortError' }));
  await first;
  calls[1].tell({ loaded: 5, total: 6 });
  expect(slice.getState().adding).toEqual({ loaded: 5, total: 6 });
  calls[1].done(info('b'));
  await second;
  expect(slice.getState().adding).toBeNull();
  expect(notices.getState().shown).toEqual([]);
});

test('what is cancelled while its folders are still looked through is not read', async () => {
  const addDataset = vi.fn();
  const { slice } = staged({ addDataset, cancelDataset: async () => {} });
  let listed: (files: ReturnType<typeof file>) => void = () => {};
  const adding = slice.getState().add(new Promise((resolve) => (listed = resolve)));
  expect(slice.getState().adding).not.toBeNull();
  await slice.getState().cancel();
  expect(slice.getState().adding).toBeNull();
  listed(file('a'));
  await adding;
  expect(addDataset).not.toHaveBeenCalled();
});

test('a sheet that did not come is asked for again', async () => {
  let broken = true;
  const { slice } = staged({
    datasetSheet: async (id) => {
      if (broken) throw Object.assign(new Error('Stopped.'), { name: 'AbortError' });
      return sheetOf(id);
    },
  });
  await slice.getState().add(file('a'));
  expect(slice.getState()).toMatchObject({ chosen: 'a', sheet: null });
  broken = false;
  await slice.getState().refresh();
  expect(slice.getState()).toMatchObject({ chosen: 'a', sheet: sheetOf('a') });
});

test('a sheet that comes late is not shown for another data set', async () => {
  let late: (sheet: ReturnType<typeof sheetOf>) => void = () => {};
  const { slice } = staged({
    datasetSheet: (id) => (id === 'a' ? new Promise((resolve) => (late = resolve)) : Promise.resolve(sheetOf(id))),
  });
  const a = slice.getState().choose('a');
  await slice.getState().choose('b');
  late(sheetOf('a'));
  await a;
  expect(slice.getState()).toMatchObject({ chosen: 'b', sheet: sheetOf('b') });
});
