/** Models: what they are, where they come from, and where they go. */
import type { Sampling } from './completions.ts';
import type { IncomingFile } from './files.ts';

/** Sides of the pictures that models are offered for. */
export const SIDES: readonly number[] = [8, 16, 24, 32, 48, 64];

export interface ModelInfo {
  /** The folder's name under models/; "own" for files that the visitor opened, "run" for a training run's. */
  id: string;
  name: string;
  layers: number;
  width: number;
  heads: number;
  /** Pictures are side × side pixels. */
  side: number;
  parameters: number;
  /** RGB bytes of every colour, [colours × 3]. */
  palette: Uint8Array;
  /** The same colours in [-1, 1] as the model's files have them, [colours × 3]. */
  clusters: Float32Array;
  /** Names of the classes that it tells apart, where it does. */
  classes?: string[];
  /** Names of the classes that it can begin a picture with, where it can. */
  starts?: string[];
}

/** Weights that a run has kept: the last ones, the best ones, or those of a step. */
export type WhichWeights = 'last' | 'best' | number;

/**
 * Files may be a model's three, more where its weights are in parts, its folder or one zip archive of it; `kept` says which
 * model in the browser's storage they are. A run that is being trained gives its weights as they are now for the last ones.
 */
export type ModelSource =
  | { kind: 'shipped'; id: string }
  | { kind: 'files'; files: IncomingFile[]; kept?: Pick<KeptModel, 'id' | 'name'> }
  | { kind: 'run'; run: string; which: WhichWeights };

/** What a model is and takes, before its weights are read. */
export interface ModelSurvey {
  /** Of its folder or archive, or by its size. */
  name: string;
  parameters: number;
  /** Of its files. */
  bytes: number;
  /** Bytes that it takes at most, on the page's own and on the GPU, to complete and judge pictures with these settings. */
  memory: number;
}

/** A model of the visitor's own in the browser's storage. */
export interface KeptModel {
  id: string;
  name: string;
  /** Pictures are side × side pixels. */
  side: number;
  parameters: number;
  /** In storage. */
  bytes: number;
  /** Milliseconds since 1970. */
  created: number;
}

/** Calls for models that come from elsewhere, stay here, and go elsewhere. */
export interface ModelCalls {
  /** Reads everything but the weights. */
  surveyModel(files: IncomingFile[], sampling: Pick<Sampling, 'variants' | 'lookAhead'>): Promise<ModelSurvey>;

  /** Stores a model's files for later visits; nothing of it stays where that fails. */
  keepModel(files: IncomingFile[], name: string): Promise<KeptModel>;
  /** The newest first. */
  listModels(): Promise<KeptModel[]>;
  /** A kept model's files, for openModel. */
  keptFiles(id: string): Promise<IncomingFile[]>;
  renameModel(id: string, name: string): Promise<KeptModel>;
  deleteModel(id: string): Promise<void>;

  /** The current model as a folder in Hugging Face's layout, in a zip archive. */
  exportModel(dtype: 'F32' | 'F16'): Promise<Blob>;
}
