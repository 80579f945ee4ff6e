/** Linear probes: what each layer knows. */
import type { DatasetSheet } from './datasets.ts';
import type { ModelSource } from './models.ts';
import type { Recipe } from './training.ts';

/** How well a classifier does on pictures that it has not learnt from. */
export interface Judgement {
  /** The share of pictures put into the right class. */
  accuracy: number;
  /** Of that share, as of a proportion: √(p (1 − p) / n). */
  standardError: number;
  /** How many pictures of a class (row) were put into each (column). [classes, classes] */
  confusion: Uint32Array;
  /** The likeliest class of each picture, and how likely it is. [n] */
  predicted: Uint16Array;
  probability: Float32Array;
}

/** What a linear classifier makes of features; of several layers, of theirs side by side. */
export interface ProbeResult extends Judgement {
  /** 0 to n_layer, the last being what the head reads; empty where the pixels themselves are probed. */
  layers: number[];
  /** scikit-learn's C, as chosen on pictures held out. */
  strength: number;
  iterations: number;
  converged: boolean;
}

export type ProbeProgress =
  /** Pictures that were read and reduced, or have gone through the model. */
  | { stage: 'pictures' | 'features'; done: number; total: number }
  /** `slope`: the norm of the loss's gradient as a share of that at the start; a fit ends below 1e-4. */
  | { stage: 'fitting'; layers: number[]; strength: number; iteration: number; slope: number };

export interface ProbeRequest {
  dataset: string;
  model: ModelSource;
  /** The model's own features, those of an untrained model of its size, or the colours of the pixels as it takes them. */
  subject: 'model' | 'untrained' | 'pixels';
  /** As the model was trained: an autoregressive one reads the start symbol and sees no pixel to come. */
  objective: Recipe['objective'];
  /** Unsigned 32-bit: decides which pictures are taken and which of them are held out, and the untrained weights. */
  seed: number;
  /** At most so many pictures of the training and of the test part; all unless given. */
  most?: { train: number; test: number };
  /** So many training pictures, as many of each class, whatever `most` says of them. */
  labels?: number;
  /** All unless given. */
  layers?: number[];
  /** Layers whose features are put side by side for one more classifier. */
  concatenated?: number[] | 'all';
}

export interface ProbeSummary {
  /** Names, in the order of the labels. */
  classes: string[];
  /** Pictures that were learnt from. */
  learnt: number;
  /** Pictures that were asked for and left out, because memory did not do for them. */
  leftOut: number;
  /** Numbers in the data set of the pictures judged, for testedPictures, and their classes. [n] */
  tested: Uint32Array;
  labels: Int16Array;
  seconds: number;
}

/** Calls for linear probes: one cancels the one before, and yields to everything else between batches of pictures. */
export interface ProbeCalls {
  /** onResult hears layer after layer. Rejects with an "AbortError" when cancelled. */
  probe(
    request: ProbeRequest,
    onProgress: (progress: ProbeProgress) => void,
    onResult: (result: ProbeResult) => void,
  ): Promise<ProbeSummary>;

  cancelProbe(): Promise<void>;

  /** Pictures of a data set by their numbers. */
  testedPictures(dataset: string, numbers: Uint32Array): Promise<DatasetSheet>;
}
