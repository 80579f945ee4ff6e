/** Data sets: read, stored, listed, looked at; and palettes fitted to them. One thing is added or fitted at a time. */

import type { DatasetCalls, DatasetSheet, LoadProgress } from '../contract.ts';
import { fitPalette, palettePsnr } from '../data/kmeans.ts';
import { decodeTokens, encodePixels, paletteBytes } from '../data/palette.ts';
import { type Incoming, readDataset } from '../data/read-dataset.ts';
import { reducePictures } from '../data/reduce.ts';
import { shuffled } from '../data/shuffle.ts';
import { splitDataset } from '../data/split.ts';
import { Aborted, BadInput } from '../errors.ts';
import { pcg3d } from '../igpt/random.ts';
import { DatasetStore } from '../storage/datasets.ts';
import { countUnreadable } from '../storage/unreadable.ts';
import { bundledFiles, bundledIndex } from './bundled.ts';
import type { DataPlaces } from './dataset-calls.ts';
import { breathe } from './queue.ts';

/** Pixels that a palette is fitted to, and the pictures that they are taken from. */
const FIT_PIXELS = 250_000;
const FIT_PICTURES = 2_500;
/** Pictures that say how good a palette is, and those of them to look at. */
const JUDGE_PICTURES = 500;
const SHOWN_PICTURES = 10;

export function createDatasets({ files, cifar10 }: DataPlaces): DatasetCalls {
  if (!files) throw new Error('no place for data sets');
  const privateFiles = files();
  const store = new DatasetStore(privateFiles);
  let work = new AbortController();

  /** The signal for new work; the work before is stopped. */
  const begin = () => {
    work.abort();
    work = new AbortController();
    return work.signal;
  };

  const add = (incoming: Incoming[], onProgress: (progress: LoadProgress) => void, signal: AbortSignal) =>
    store.add(async (sink) => {
      try {
        return await readDataset(incoming, sink, { signal, onProgress: seldom(onProgress) });
      } catch (error) {
        throw signal.aborted ? new Aborted() : error;
      }
    });

  return {
    addDataset: (incoming, onProgress) => add(incoming, onProgress, begin()),

    bundledDataset: async () => {
      const index = await bundledIndex(cifar10);
      return { bytes: index.files.map(({ bytes }) => bytes), note: index.note };
    },

    addBundledDataset: async (which, onProgress) => {
      const signal = begin();
      const index = await bundledIndex(cifar10);
      if (cifar10 === undefined || index.files.length === 0)
        throw new BadInput(index.note ?? 'There is no bundled data.');
      const chosen = which === 'first' ? index.files.slice(0, 1) : index.files;
      return add(bundledFiles(cifar10, chosen, signal), onProgress, signal);
    },

    cancelDataset: async () => work.abort(),

    listDatasets: () => store.list(),
    renameDataset: (id, name) => store.rename(id, name),
    setDatasetPart: (id, source, part) => store.setPart(id, source, part),
    deleteDataset: (id) => store.remove(id),
    datasetSheet: (id, count) => store.sheet(id, count),
    storageUse: async () => ({ ...(await privateFiles.use()), unreadable: await countUnreadable(privateFiles) }),

    fitPalette: async ({ dataset, colours, side, seed }, onProgress) => {
      const signal = begin();
      const { head, pictures } = await store.open(dataset);
      const { train } = splitDataset(head, seed);
      const order = shuffled(train.length, seed, 0);
      const chosen = order.slice(0, FIT_PICTURES).map((place) => train[place]);
      const reduced = reducePictures(await pictures(chosen, signal), head.side, side);
      const rgb = pixelSample(reduced, FIT_PIXELS, seed);
      const { palette } = await fitPalette(rgb, { colours, seed, signal, onProgress, breathe });
      return { palette, bytes: paletteBytes(palette) };
    },

    previewReduction: async ({ dataset, side, palette }) => {
      const reduced = ({ pixels, side: from }: DatasetSheet) => reducePictures(pixels, from, side);
      const before = await store.sheet(dataset, SHOWN_PICTURES);
      const tokens = encodePixels(reduced(before), palette);
      const after = { ...before, side, pixels: decodeTokens(tokens, paletteBytes(palette)) };
      const judged = await store.sheet(dataset, JUDGE_PICTURES);
      return { before, after, psnr: palettePsnr(reduced(judged), palette) };
    },
  };
}

/** All pixels, or as many as wanted, drawn at random. [n × 3] */
function pixelSample(rgb: Uint8Array, wanted: number, seed: number): Uint8Array {
  const all = rgb.length / 3;
  if (all <= wanted) return rgb;
  const sample = new Uint8Array(3 * wanted);
  for (let i = 0; i < wanted; i++) {
    const at = 3 * (pcg3d(seed, i, 0) % all);
    for (let c = 0; c < 3; c++) sample[3 * i + c] = rgb[at + c];
  }
  return sample;
}

/** Progress crosses to the page as a message: a few hundred in all are smooth, a million would be all that happens. */
function seldom(onProgress: (progress: LoadProgress) => void): (loaded: number, total: number) => void {
  let told = -1;
  return (loaded, total) => {
    const step = Math.floor((200 * loaded) / Math.max(1, total));
    if (step === told) return;
    told = step;
    onProgress({ loaded, total });
  };
}
