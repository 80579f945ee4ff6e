/**
 * Every type that crosses the boundary between the page and the worker, with the constants and rules that both sides go
 * by, and nothing else: by use in contract/, and here what the worker exposes.
 *
 * Pictures travel as palette indices in raster order: Int16Array, one entry a pixel, UNKNOWN where nothing is
 * drawn yet. Arrays of several variants are variant-major: entry (v, i) stands at v * pixels + i.
 */
import type { CompletionRequest, CompletionResult, CompletionUpdate, Picture } from './contract/completions.ts';
import type { DatasetCalls } from './contract/datasets.ts';
import type { BackendName, BenchmarkRow, DeviceReport } from './contract/device.ts';
import type { EvaluationCalls } from './contract/evaluation.ts';
import type { LoadProgress } from './contract/files.ts';
import type { ModelCalls, ModelInfo, ModelSource } from './contract/models.ts';
import type { ProbeCalls } from './contract/probes.ts';
import type { TrainingCalls } from './contract/training.ts';

export * from './contract/adapter.ts';
export * from './contract/completions.ts';
export * from './contract/datasets.ts';
export * from './contract/device.ts';
export * from './contract/evaluation.ts';
export * from './contract/files.ts';
export * from './contract/models.ts';
export * from './contract/probes.ts';
export * from './contract/training.ts';

/** The lab that the worker exposes. Every call may reject with an Error whose message is one plain sentence. */
export interface Lab extends DatasetCalls, ModelCalls, TrainingCalls, ProbeCalls, EvaluationCalls {
  /**
   * Brings up a backend: the one asked for, or the best that this device has. Call first.
   * @param memory bytes that the page may hold; no limit unless given. Variants and batches are cut
   * to what fits, and what cannot be cut is refused with a sentence.
   */
  start(wish: BackendName | 'auto', memory?: number): Promise<DeviceReport>;

  /** Loads a model and makes it current; the one before stays current when this fails. */
  openModel(source: ModelSource, onProgress: (progress: LoadProgress) => void): Promise<ModelInfo>;

  /** Reduces a picture file to the current model's side and palette: centre square, area average, nearest colour. */
  readPicture(file: Blob): Promise<Picture>;

  /**
   * Samples every unknown pixel, row by row; onUpdate hears each row. A new call cancels the one
   * before. Where memory does not do for all variants, updates have the first ones alone. Rejects
   * with an Error named "AbortError" when cancelled.
   */
  complete(request: CompletionRequest, onUpdate: (update: CompletionUpdate) => void): Promise<CompletionResult>;

  /** Stops the running completion, if any, within a row. */
  cancel(): Promise<void>;

  /** Nats of every pixel of a whole picture under the current model; it begins as Sampling.starts has it. [pixels] */
  score(tokens: Int16Array, start?: number): Promise<Float32Array>;

  /**
   * How likely the current model holds each of its classes to be what a whole picture shows, in the order of
   * ModelInfo.classes. [classes]
   */
  classify(tokens: Int16Array): Promise<Float32Array>;

  /**
   * Attention weights of one head over a whole picture: entry [i, j] is how much the prediction of pixel i took from
   * input j, where input 0 is what the picture begins with, as in score(), and input j is pixel j - 1. [pixels, pixels], rows
   * sum to 1.
   */
  attention(tokens: Int16Array, layer: number, head: number, start?: number): Promise<Float32Array>;

  /** Measures this device; takes some seconds, in which nothing else runs. */
  benchmark(onRow: (row: BenchmarkRow) => void): Promise<void>;

  /** Calls back once if the GPU is lost or a GPU error makes further results untrustworthy. */
  onLost(callback: (message: string) => void): Promise<void>;
}
