/** Data sets, their palettes, and what a model sees of them. */
import type { IncomingFile, LoadProgress, StorageUse } from './files.ts';

/** A data set in the browser's storage. */
export interface DatasetInfo {
  id: string;
  name: string;
  /** Pictures are side × side pixels. */
  side: number;
  count: number;
  /** Names in the order of the labels; empty if the pictures have no labels. */
  classes: string[];
  /** Pictures that have a label. */
  labelled: number;
  /** The shards or folders it came from; each is learnt from or held back as a whole. */
  sources: { name: string; part: 'train' | 'test'; count: number }[];
  /** In storage. */
  bytes: number;
  /** Milliseconds since 1970. */
  created: number;
  /** Files that were read too and hold no pictures; only where it was just added. */
  skipped?: string[];
  /** Pictures that could not be read and are left out, each with the reason; only where it was just added. */
  damaged?: string[];
  /** Sentences on where classes come from, and on what could not be used; only where it was just added. */
  notes?: string[];
}

/** Some pictures of a data set to look at. */
export interface DatasetSheet {
  side: number;
  /** RGB bytes. [n, side, side, 3] */
  pixels: Uint8Array;
  /** Places in the list of classes, -1 for none. [n] */
  labels: Int16Array;
}

/** The CIFAR-10 that comes with the page. */
export interface BundledDataset {
  /** Bytes of its files, the first training shard first; empty if it was not built in. */
  bytes: number[];
  /** Why it is missing. */
  note?: string;
}

export interface PaletteRequest {
  dataset: string;
  /** 2 to 512. */
  colours: number;
  /** The side that the pictures are reduced to first. */
  side: number;
  seed: number;
}

export interface FittedPalette {
  /** In [-1, 1], [colours × 3]; fewer colours than asked for where the pictures have no more. */
  palette: Float32Array;
  /** RGB bytes of every colour, [colours × 3]. */
  bytes: Uint8Array;
}

export interface ReductionRequest {
  dataset: string;
  side: number;
  /** In [-1, 1], [colours × 3]. */
  palette: Float32Array;
}

/** What is left of pictures when a model takes them: its side, and the nearest of its colours. */
export interface ReductionPreview {
  before: DatasetSheet;
  /** The same pictures. */
  after: DatasetSheet;
  /** How close the colours come to those of some hundred pictures at that side, in dB; infinite where nothing is lost. */
  psnr: number;
}

/** Calls for data sets: one that adds or fits cancels the one before, and rejects with an "AbortError" when cancelled. */
export interface DatasetCalls {
  /** Reads whatever was dropped or picked together as one data set, and stores it; nothing is left of what fails. */
  addDataset(files: IncomingFile[], onProgress: (progress: LoadProgress) => void): Promise<DatasetInfo>;

  /** What there is to add without any files. */
  bundledDataset(): Promise<BundledDataset>;

  /** Fetches and stores the first shard of it, or all. */
  addBundledDataset(which: 'first' | 'all', onProgress: (progress: LoadProgress) => void): Promise<DatasetInfo>;

  /** Stops adding, or fitting a palette. */
  cancelDataset(): Promise<void>;

  /** The newest first. */
  listDatasets(): Promise<DatasetInfo[]>;
  renameDataset(id: string, name: string): Promise<DatasetInfo>;
  setDatasetPart(id: string, source: number, part: 'train' | 'test'): Promise<DatasetInfo>;
  deleteDataset(id: string): Promise<void>;

  /** Up to `count` pictures: as many of each class, class after class, where there are few classes; else from all over. */
  datasetSheet(id: string, count: number): Promise<DatasetSheet>;

  storageUse(): Promise<StorageUse>;

  /** k-means over pixels of the training pictures. */
  fitPalette(request: PaletteRequest, onProgress: (done: number) => void): Promise<FittedPalette>;

  previewReduction(request: ReductionRequest): Promise<ReductionPreview>;
}
