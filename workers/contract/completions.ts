/** Completing pictures. */

/** A pixel that the model is to choose. */
export const UNKNOWN = -1;

/** How many colours the sampler reports for each pixel, the likeliest first. */
export const TOP_COLOURS = 6;

/** The most pictures that are completed side by side. */
export const MAX_VARIANTS = 16;

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
  /** What variants begin with, in turn: places in ModelInfo.starts, or -1 for the start symbol, which is usual. */
  starts?: number[];
}

export interface Picture {
  /** [side * side] */
  tokens: Int16Array;
  /** What the person should know, e.g. that only the first frame of an animation was used. */
  note?: string;
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
