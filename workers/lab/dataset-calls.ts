/** The calls for data sets, whose code, the parsers above all, is loaded with the first of them. */

import type { DatasetCalls } from '../contract.ts';
import type { PrivateFiles } from '../storage/files.ts';
import { lazily } from './lazily.ts';

/** Where data lies. What is left out is said to be missing when it is asked for. */
export interface DataPlaces {
  /** The private file system that data sets are kept in. */
  files?: () => PrivateFiles;
  /** The address that the bundled CIFAR-10 lies under. */
  cifar10?: string;
}

export function datasetCalls(places: DataPlaces): DatasetCalls {
  const calls = lazily(
    'reads data',
    () => import('./datasets.ts'),
    ({ createDatasets }) => createDatasets(places),
  );
  return {
    addDataset: async (...args) => (await calls()).addDataset(...args),
    bundledDataset: async () => (await calls()).bundledDataset(),
    addBundledDataset: async (...args) => (await calls()).addBundledDataset(...args),
    cancelDataset: async () => (await calls()).cancelDataset(),
    listDatasets: async () => (await calls()).listDatasets(),
    renameDataset: async (...args) => (await calls()).renameDataset(...args),
    setDatasetPart: async (...args) => (await calls()).setDatasetPart(...args),
    deleteDataset: async (...args) => (await calls()).deleteDataset(...args),
    datasetSheet: async (...args) => (await calls()).datasetSheet(...args),
    storageUse: async () => (await calls()).storageUse(),
    fitPalette: async (...args) => (await calls()).fitPalette(...args),
    previewReduction: async (...args) => (await calls()).previewReduction(...args),
  };
}
