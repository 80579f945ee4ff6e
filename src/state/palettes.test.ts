import { beforeEach, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { DatasetInfo, FittedPalette, ModelInfo, ReductionPreview } from '../../workers/contract.ts';
import type { LabCalls } from '../lab.ts';
import type { DatasetsState } from './datasets.ts';
import { notices } from './notices.ts';
import { createPalettes, sidesFor } from './palettes.ts';
import type { SessionState } from './session.ts';

const dataset = (id: string, side: number) => ({ id, side }) as DatasetInfo;
const MODEL = { palette: Uint8Array.of(0, 0, 0), clusters: Float32Array.of(-1, -1, -1) } as ModelInfo;
const FITTED: FittedPalette = { palette: Float32Array.of(1, 1, 1), bytes: Uint8Array.of(255, 255, 255) };
const stopped = () => Object.assign(new Error('Stopped.'), { name: 'AbortError' });

/** A slice beside a list of data sets, of which the first is chosen, and a session whose model has come. */
function staged(calls: Partial<LabCalls> = {}) {
  const asked: string[] = [];
  const worker = {
    fitPalette: async () => FITTED,
    previewReduction: async ({ dataset, side, palette }) => {
      asked.push(`${dataset} at ${side} in ${palette}`);
      return { psnr: side } as ReductionPreview;
    },
    ...calls,
  } as LabCalls;
  const list = [dataset('a', 32), dataset('b', 20)];
  const data = createStore(() => ({ list, chosen: 'a' }) as Partial<DatasetsState> as DatasetsState);
  const running = createStore(
    () => ({ model: MODEL, phase: 'ready', worker }) as Partial<SessionState> as SessionState,
  );
  return { palettes: createPalettes(() => worker, data, running), data, running, asked };
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => notices.setState({ shown: [] }));

test('at first the chosen data set is reduced to 16 pixels and the colours of the model', async () => {
  const { palettes, asked } = staged();
  const { chosen } = palettes.getState();
  expect(chosen).toEqual({ dataset: 'a', side: 16, palette: MODEL.clusters, bytes: MODEL.palette, source: 'model' });
  await settled();
  expect(palettes.getState().seen).toEqual({ reduction: chosen, preview: { psnr: 16 } });
  expect(asked).toEqual(['a at 16 in -1,-1,-1']);
});

test('a palette is fitted to the chosen data set at the chosen side, and is there again when one comes back to it', async () => {
  const requests: unknown[] = [];
  const told: unknown[] = [];
  const { palettes, data } = staged({
    fitPalette: async (request, onProgress) => {
      requests.push(request);
      onProgress(0.5);
      told.push(palettes.getState().fitting);
      return FITTED;
    },
  });
  palettes.getState().choose({ source: 'fit', side: 32, colours: 64, seed: 9 });
  expect(palettes.getState().chosen).toBeNull();
  await palettes.getState().fitPalette();
  expect(requests).toEqual([{ dataset: 'a', side: 32, colours: 64, seed: 9 }]);
  expect(told).toEqual([{ dataset: 'a', done: 0.5 }]);
  const fitted = { dataset: 'a', side: 32, palette: FITTED.palette, bytes: FITTED.bytes, source: 'fit' };
  expect(palettes.getState()).toMatchObject({ fitting: null, chosen: fitted });
  data.setState({ chosen: 'b' });
  expect(palettes.getState().chosen).toBeNull();
  data.setState({ chosen: 'a' });
  expect(palettes.getState().chosen).toEqual(fitted);
});

test('progress that arrives after the palette leaves the fit finished', async () => {
  let report: (done: number) => void = () => {};
  const { palettes } = staged({
    fitPalette: async (_, onProgress) => {
      report = onProgress;
      return FITTED;
    },
  });
  await palettes.getState().fitPalette();
  report(1);
  expect(palettes.getState().fitting).toBeNull();
});

test('a side that is larger than the pictures is taken down to one that they have', () => {
  const { palettes, data } = staged();
  palettes.getState().choose({ side: 32 });
  data.setState({ chosen: 'b' });
  expect(palettes.getState().chosen).toMatchObject({ dataset: 'b', side: 16 });
  data.setState({ chosen: 'a' });
  expect(palettes.getState().chosen).toMatchObject({ dataset: 'a', side: 32 });
  expect(sidesFor(dataset('c', 96))).toEqual([8, 16, 24, 32, 48, 64]);
  expect(sidesFor(dataset('d', 5))).toEqual([8]);
});

test('a fit that is stopped leaves the palette before, and is nothing to report', async () => {
  let stop: (error: Error) => void = () => {};
  const { palettes } = staged({
    fitPalette: () => new Promise((_, reject) => (stop = reject)),
    cancelDataset: async () => stop(stopped()),
  });
  const before = palettes.getState().chosen;
  const fitting = palettes.getState().fitPalette();
  expect(palettes.getState().fitting).toEqual({ dataset: 'a', done: 0 });
  await palettes.getState().cancel();
  await fitting;
  expect(palettes.getState()).toMatchObject({ fitting: null, chosen: before });
  expect(notices.getState().shown).toEqual([]);
});

test('without a model to wait for, a palette has to be fitted', () => {
  const { palettes, running } = staged();
  running.setState({ model: null, phase: 'failed' });
  expect(palettes.getState().chosen).toBeNull();
  running.setState({ model: MODEL, phase: 'ready' });
  expect(palettes.getState().chosen).toMatchObject({ source: 'model' });
});

test('a preview that comes late is not shown for another choice', async () => {
  const answers = new Map<number, (preview: ReductionPreview) => void>();
  const { palettes } = staged({
    previewReduction: ({ side }) => new Promise((resolve) => answers.set(side, resolve)),
  });
  palettes.getState().choose({ side: 8 });
  answers.get(8)?.({ psnr: 8 } as ReductionPreview);
  answers.get(16)?.({ psnr: 16 } as ReductionPreview);
  await settled();
  expect(palettes.getState().seen).toMatchObject({ reduction: { side: 8 }, preview: { psnr: 8 } });
});

test('what a worker took along with it is asked of the next one', async () => {
  let alive = false;
  const { palettes, running } = staged({
    previewReduction: async () => {
      if (!alive) throw stopped();
      return { psnr: 1 } as ReductionPreview;
    },
  });
  await settled();
  expect(palettes.getState().seen).toBeNull();
  alive = true;
  running.setState({ worker: {} as LabCalls });
  await settled();
  expect(palettes.getState().seen).toMatchObject({ preview: { psnr: 1 } });
});
