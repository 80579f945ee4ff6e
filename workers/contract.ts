/**
 * Every type that crosses the boundary between the page and the worker, and nothing else.
 *
 * Pictures travel as palette indices in raster order: Int16Array, one entry a pixel, UNKNOWN where nothing is
 * drawn yet. Arrays of several variants are variant-major: entry (v, i) stands at v * pixels + i.
 */

/** A pixel that the model is to choose. */
export const UNKNOWN = -1;

/** How many colours the sampler reports for each pixel, the likeliest first. */
export const TOP_COLOURS = 6;

/** The most pictures that are completed side by side. */
export const MAX_VARIANTS = 16;

export type BackendName = 'webgpu' | 'wasm' | 'webgl' | 'cpu';

/** What the model runs on, and why; the page shows it as a badge. */
export interface DeviceReport {
  backend: BackendName;
  /** The adapter or engine by name, e.g. "NVIDIA RTX 4070" or "WebAssembly SIMD". */
  adapter: string;
  /** One plain sentence: why this backend and no faster one. */
  reason: string;
  /** The WebGPU adapter that was found runs on the CPU. */
  software: boolean;
  /** Optional WebGPU features in use, e.g. "shader-f16". Empty on other backends. */
  features: string[];
  /** Raised WebGPU limits by name, in their own units. Empty on other backends. */
  limits: Record<string, number>;
}

export interface ModelInfo {
  /** The folder's name under models/, or "own" for files that the visitor opened. */
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
}

export type ModelSource = { kind: 'shipped'; id: string } | { kind: 'files'; files: File[] };

/** Bytes so far and in all; total is 0 while it is not known. */
export interface LoadProgress {
  loaded: number;
  total: number;
}

export interface Sampling {
  /** Divides the logits; 0 takes the likeliest colour every time. */
  temperature: number;
  /** Keep the k likeliest colours; 0 keeps all. */
  topK: number;
  /** Keep the fewest colours whose probabilities reach p; 1 keeps all. */
  topP: number;
  /** Unsigned 32-bit. The same seed gives the same picture on the same device. */
  seed: number;
  /** 1 to MAX_VARIANTS. */
  variants: number;
  /** Let drawn pixels further down shape what is sampled above them. */
  lookAhead: boolean;
}

export interface CompletionRequest {
  /** [pixels]; UNKNOWN where the model is to choose. */
  tokens: Int16Array;
  sampling: Sampling;
}

/** Pixels [from, to) of every variant; replaces what was sent for them before. */
export interface CompletionUpdate {
  from: number;
  to: number;
  /** [variants, to - from] */
  tokens: Int16Array;
  /** Surprise of the pixel under the model at temperature 1, in nats, known pixels included. [variants, to - from] */
  nll: Float32Array;
  /** Entropy of the model's distribution at temperature 1, in nats. [variants, to - from] */
  entropy: Float32Array;
  /** The likeliest colours at temperature 1. [variants, to - from, TOP_COLOURS] */
  topColours: Int16Array;
  /** Their probabilities. [variants, to - from, TOP_COLOURS] */
  topProbabilities: Float32Array;
}

export interface CompletionResult {
  seconds: number;
  /** Sampled pixels of all variants together per second. */
  tokensPerSecond: number;
  /** How often look-ahead replaced unlikely variants. */
  resampled: number;
}

export interface Picture {
  /** [side * side] */
  tokens: Int16Array;
  /** What the person should know, e.g. that only the first frame of an animation was used. */
  note?: string;
}

/** The lab that the worker exposes. Every call may reject with an Error whose message is one plain sentence. */
export interface Lab {
  /** Brings up a backend: the one asked for, or the best that this device has. Call first. */
  start(wish: BackendName | 'auto'): Promise<DeviceReport>;

  /** Loads a model and makes it current; the one before stays current when this fails. */
  openModel(source: ModelSource, onProgress: (progress: LoadProgress) => void): Promise<ModelInfo>;

  /** Reduces a picture file to the current model's side and palette: centre square, area average, nearest colour. */
  readPicture(file: Blob): Promise<Picture>;

  /**
   * Samples every unknown pixel, row by row; onUpdate hears each row. A new call cancels the one before. Rejects with
   * an Error named "AbortError" when cancelled.
   */
  complete(request: CompletionRequest, onUpdate: (update: CompletionUpdate) => void): Promise<CompletionResult>;

  /** Stops the running completion, if any, within a row. */
  cancel(): Promise<void>;

  /** Nats of every pixel of a whole picture under the current model. [pixels] */
  score(tokens: Int16Array): Promise<Float32Array>;

  /**
   * Attention weights of one head over a whole picture: entry [i, j] is how much the prediction of pixel i took from
   * input j, where input 0 is the start symbol and input j is pixel j - 1. [pixels, pixels], rows sum to 1.
   */
  attention(tokens: Int16Array, layer: number, head: number): Promise<Float32Array>;

  /** Calls back once if the GPU is lost or a GPU error makes further results untrustworthy. */
  onLost(callback: (message: string) => void): Promise<void>;
}
