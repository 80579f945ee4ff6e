/** What a model is worth: likelihood, samples, their distance from real pictures, and whether they are copies. */
import type { Sampling } from './completions.ts';
import type { ModelSource } from './models.ts';
import type { Recipe } from './training.ts';

/** What is measured of a model beside held-back pictures and training pictures. */
export interface Measures {
  /** At most so many pictures are scored, held-back ones or those that were learnt from; 0 leaves it out. */
  scored: { part: 'test' | 'train'; count: number };
  /** So many pictures are drawn from nothing; 0 leaves them out, and all that is measured of them. */
  drawn: number;
  sampling: Pick<Sampling, 'temperature' | 'topK' | 'topP'>;
  /** Compare those drawn with as many held-back pictures, and these with as many others. */
  distance: boolean;
  /** Look for the training pictures nearest to those drawn: among all by colour, among at most so many by features. */
  nearest: boolean;
  searched: number;
  /**
   * Where the model begins pictures with classes: score each given its own, as far as the model knows one of that name, and
   * draw such as there are among the held-back ones. Else all begin with the start symbol.
   */
  byClass: boolean;
  /** Unsigned 32-bit: decides which pictures are taken, and what is drawn. */
  seed: number;
}

/** Features that pictures are compared by. */
export interface RulerRequest {
  model: ModelSource;
  objective: Recipe['objective'];
  /** 0 to n_layer; the middle one unless given. */
  layer?: number;
}

export interface EvaluationRequest extends Measures {
  dataset: string;
  model: ModelSource;
  objective: Recipe['objective'];
  ruler: RulerRequest;
}

/** Per pixel, in nats. */
export interface Likelihood {
  mean: number;
  /** Of that mean over the pictures; null for a single one. */
  standardError: number | null;
  /** Numbers in the data set, for testedPictures. [n] */
  pictures: Uint32Array;
  /** Of each. [n] */
  nats: Float64Array;
  /** How many of them began with their class, where the model knows any. */
  byClass?: number;
}

/** The Fréchet distance in a layer's features; comparable only with others in the same features and over as many pictures. */
export interface FeatureDistance {
  layer: number;
  /** Of the layer. */
  width: number;
  /** In each of the sets that are compared. */
  pictures: number;
  /** Those drawn against held-back pictures. */
  drawn: number;
  /** Those held-back pictures against as many others: what a perfect model would come to, about. */
  floor: number;
}

/** For each picture drawn the training picture that is nearest to it. */
export interface NearestPictures {
  /** Numbers in the data set, for testedPictures. [n] */
  pictures: Uint32Array;
  /** By colour the mean squared difference of a channel, 0 to 255; by features the squared difference in all. [n] */
  distances: Float64Array;
  /** The median distance of as many held-back pictures to those nearest to them. */
  usual: number;
  /** Training pictures that were searched. */
  searched: number;
}

/** What was found of a model; each part replaces what was told of it before. */
export interface Evaluation {
  likelihood: Likelihood;
  /**
   * The first pictures that were drawn, as many as a sheet shows: RGB bytes, [n, side, side, 3]; and whether they began with
   * classes, where the model knows any.
   */
  samples: { side: number; pixels: Uint8Array; byClass?: boolean };
  distance: FeatureDistance;
  nearest: { byColour: NearestPictures; byFeatures: NearestPictures };
}

export interface EvaluationProgress {
  /** Pictures that were scored, were drawn, have become features, or were searched. */
  stage: 'likelihood' | 'samples' | 'features' | 'nearest';
  done: number;
  total: number;
  /** In this stage; null while it is not known. */
  secondsLeft: number | null;
}

/** Calls for what a model is worth: one cancels the one before, and yields to everything else between its pieces. */
export interface EvaluationCalls {
  /** onFound hears each part as it comes, the likelihood also on the way. Rejects with an "AbortError" when cancelled. */
  evaluate(
    request: EvaluationRequest,
    onProgress: (progress: EvaluationProgress) => void,
    onFound: (part: Partial<Evaluation>) => void,
  ): Promise<{ seconds: number }>;

  cancelEvaluation(): Promise<void>;
}
