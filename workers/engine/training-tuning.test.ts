import { expect, it } from 'vitest';
import type { Memory } from '../compute/compute.ts';
import type { OpenDevice } from './device.ts';
import { TILES } from './kernels/matmul.ts';
import { trainingTuning } from './training-tuning.ts';
import { tuningFor } from './tuning.ts';

const info = { vendor: 'v', architecture: 'a', device: '', description: 'A GPU', isFallbackAdapter: false };
const open = (software: boolean) => ({ info, software }) as OpenDevice;

/** A memory over a map, and a measurement that counts how often it was asked for. */
function stage(kept: [string, unknown][] = []) {
  const store = new Map(kept);
  const memory: Memory = {
    get: async (key) => store.get(key),
    set: async (key, value) => {
      store.set(key, value);
    },
  };
  const asked: [number, number][] = [];
  const measure = async (_: GPUDevice, width: number, rows: number) => {
    asked.push([width, rows]);
    return { nn: TILES[2], nt: TILES[0], tn: TILES[4] };
  };
  return { store, memory, asked, measure };
}

it('times the tiles of a GPU once for each width and batch', async () => {
  const { memory, asked, measure } = stage();
  for (const width of [128, 128, 256, 128]) {
    const { tiles } = await trainingTuning(open(false), width, 1024, memory, false, measure);
    expect(tiles).toEqual({ nn: TILES[2], nt: TILES[0], tn: TILES[4] });
  }
  expect(asked).toEqual([
    [128, 1024],
    [256, 1024],
  ]);
});

it('times them anew when what was kept is no place in the list', async () => {
  const { store, memory, asked, measure } = stage();
  await trainingTuning(open(false), 128, 1024, memory, false, measure);
  for (const key of store.keys()) store.set(key, { nn: 99, nt: 0, tn: 0 });
  await trainingTuning(open(false), 128, 1024, memory, false, measure);
  expect(asked.length).toBe(2);
});

it('leaves a software adapter the tiles that are known to suit it', async () => {
  const { memory, asked, measure } = stage();
  expect(await trainingTuning(open(true), 128, 1024, memory, false, measure)).toEqual(tuningFor(true).training);
  expect(asked).toEqual([]);
});
