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

/** Sides of the pictures that models are offered for. */
export const SIDES: readonly number[] = [8, 16, 24, 32, 48, 64];

export type BackendName = 'webgpu' | 'wasm' | 'webgl' | 'cpu';

/** What the model runs on, and why; the page shows it as a badge. */
export interface DeviceReport {
  backend: BackendName;
  /** The adapter or engine by name, e.g. "NVIDIA RTX 4070" or "WebAssembly SIMD". */
  adapter: string;
  /** Plain words, with what was measured: why this backend and no faster one. */
  reason: string;
  /** What training runs on: not always what completes pictures; and whether it can be done in f16. */
  training: { backend: BackendName; reason: string; f16: boolean };
  /** The WebGPU adapter that was found runs on the CPU. */
  software: boolean;
  /** Optional WebGPU features in use, e.g. "shader-f16". Empty on other backends. */
  features: string[];
  /** Nothing that is stored outlives the page: a private window, say. */
  keepsNothing?: boolean;
  /** Raised WebGPU limits by name, in their own units. Empty on other backends. */
  limits: Record<string, number>;
}

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

/** Bytes so far and in all; total is 0 while it is not known. */
export interface LoadProgress {
  loaded: number;
  total: number;
}

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

/** A file with its path below what was dropped, e.g. "pets/cat/1.png". */
export interface IncomingFile {
  path: string;
  file: File;
}

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

export interface StorageUse {
  /** Bytes in use and in all, 0 where the browser does not say. */
  used: number;
  quota: number;
  /** Data sets, models and runs that are kept here and cannot be read, being damaged or of a newer version of this page. */
  unreadable: number;
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

/** The size of a model to train; the palette gives its colours. */
export interface ModelSize {
  layers: number;
  width: number;
  heads: number;
  /** Pictures are side × side pixels. */
  side: number;
}

/** How a model is trained. What happens "every so many steps" happens at multiples of the number; 0 is never. */
export interface Recipe {
  objective: 'autoregressive' | 'bert';
  /** Pictures a step. */
  batch: number;
  /** A batch passes through the model in so many equal parts, whose gradients add up. */
  parts: number;
  steps: number;
  schedule: 'cosine' | 'constant';
  /** Learning rate after warm-up. */
  rate: number;
  /** Steps of linear warm-up. */
  warmup: number;
  weightDecay: number;
  /** Largest global norm of the gradient. */
  clip: number;
  /** Mirror half of the pictures. */
  flip: boolean;
  /** Move pictures by up to this many pixels. */
  crop: number;
  /** Cut out a part of at least this share of the area; 1 takes whole pictures. */
  leastArea: number;
  /** Unsigned 32-bit: decides the first weights, the order of the pictures and every change to them. */
  seed: number;
  validateEvery: number;
  /** How many held-back pictures are judged. */
  validationPictures: number;
  sampleEvery: number;
  /** How often everything is saved, so that the run can go on from there. */
  saveEvery: number;
  /** How often the weights are kept for good. */
  keepEvery: number;
  /** What happens when the loss leaps up or is no number: pause, or go back to what was saved, at half the rate. */
  onSpike: 'pause' | 'rollback';
  /** Learn the classes of the pictures too; pictures without one are left out. */
  classify: boolean;
  /** What foreseeing pixels counts where classes are learnt, which count 1; 0 leaves it out. */
  generative: number;
  /** The run ends after so many judgements without a better one; 0 is never. */
  patience: number;
  /** What each layer knows is probed so often, or more seldom where that would take more than its share of the time. */
  probeEvery: number;
  /** What activations, and the weights that products read, are kept in; the weights themselves are f32 always. */
  precision: 'f32' | 'f16';
  /** Begin each picture with its class, but for one in ten; so that the model can draw by class, and without one too. */
  byClass: boolean;
}

/** Unless the person says otherwise: the paper's optimiser and rate for small models, over a course that a tab can finish. */
export const USUAL_RECIPE: Readonly<Recipe> = {
  objective: 'autoregressive',
  batch: 32,
  parts: 1,
  steps: 1000,
  schedule: 'cosine',
  rate: 3e-3,
  warmup: 20,
  weightDecay: 0,
  clip: 1,
  flip: true,
  crop: 0,
  leastArea: 1,
  seed: 1,
  validateEvery: 25,
  validationPictures: 64,
  sampleEvery: 50,
  saveEvery: 50,
  keepEvery: 250,
  onSpike: 'pause',
  classify: false,
  generative: 1,
  patience: 0,
  probeEvery: 50,
  precision: 'f32',
  byClass: false,
};

/** The rate of a run that goes on from given weights: a tenth, as in the paper. */
export const FINE_TUNING_RATE = 3e-4;

export interface RunRequest {
  name: string;
  dataset: string;
  size: ModelSize;
  /** Colours in [-1, 1]. [colours × 3] */
  palette: Float32Array;
  recipe: Recipe;
  /** Weights to begin with, instead of new ones: size and palette are theirs then, and only the side has to be the same. */
  from?: RunStart;
}

/** The current model's weights, or those that a run has kept. */
export type RunStart = { kind: 'current' } | { kind: 'run'; run: string; which: WhichWeights };

export interface RunInfo {
  id: string;
  name: string;
  /** Milliseconds since 1970. */
  created: number;
  size: ModelSize;
  /** RGB bytes of every colour, [colours × 3]. */
  palette: Uint8Array;
  parameters: number;
  recipe: Recipe;
  /** Names of the classes that it learns to tell apart; none where it learns pixels alone. */
  classes: string[];
  /** Names of the classes that its pictures begin with; none where they begin with the start symbol. */
  starts: string[];
  dataset: { id: string; name: string };
  /** Steps taken; of a run that does not run, steps saved. */
  step: number;
  /** Seconds that its steps took. */
  seconds: number;
  /** Held-back pictures: lately, and at best, which is by accuracy where classes are learnt and else by loss. */
  validation: Judged | null;
  best: Judged | null;
  /** Steps whose weights are kept, rising; the last saved one among them. */
  checkpoints: number[];
  /** In storage. */
  bytes: number;
  phase: 'resting' | 'preparing' | 'running' | 'paused' | 'finished';
  /** What the person should know, e.g. why it paused. */
  note?: string;
  /** Of a run that is open: why its layers are not probed, though its recipe says so. */
  probeProblem?: string;
}

/** What was made of held-back pictures after a step. */
export interface Judged {
  step: number;
  /** Nats per pixel. */
  loss: number;
  /** Where classes are learnt: nats per picture, and the share put into the right class. */
  classes?: { loss: number; accuracy: number };
}

/** The course of a run: entry i of the lists is step i + 1. */
export interface RunHistory {
  /** Nats per pixel of each batch. [steps] */
  loss: Float32Array;
  /** Before clipping. [steps] */
  gradientNorm: Float32Array;
  /** Learning rate. [steps] */
  rate: Float32Array;
  /** Training time since the start. [steps] */
  seconds: Float32Array;
  /** Where classes are learnt, as Judged has them, of each batch. [steps] */
  classes?: { loss: Float32Array; accuracy: Float32Array };
  validations: Judged[];
  /** Pictures drawn by the model, always from the same random numbers, one of each class that it begins with. tokens: [n, side × side] */
  samples: { step: number; tokens: Int16Array }[];
  /** Where its layers were probed. */
  probe?: ProbeCourse;
}

/** What linear classifiers made of each layer while a run went on; they always see the same few of its pictures. */
export interface ProbeCourse {
  /** How many pictures they learn from, and by how many others they are judged. */
  learnt: number;
  tested: number;
  /** The share of those that are of the class that most of the others are of: what guessing gets right. */
  chance: number;
  /** The same classifier on the colours of the pixels, and the seconds that it took, once. */
  pixels: { accuracy: number; seconds: number };
  probes: LayerProbe[];
}

export interface LayerProbe {
  step: number;
  /** That it took. */
  seconds: number;
  /** The share of pictures put into the right class. [layers + 1] */
  accuracy: Float32Array;
}

/** What has happened since the last update; steps after `from` that were known before are void. */
export interface TrainingUpdate {
  info: RunInfo;
  /** Steps that were taken before those of `news`. */
  from: number;
  news: RunHistory;
  /** 0 while it is not known. */
  tokensPerSecond: number;
  /** Of the arithmetic that this device was measured to do at most; 0 while it is not known. */
  shareOfPeak: number;
  /** Memory of the trainer. */
  bytes: number;
  /** Of a run in f16, after its last step: what gradients are multiplied by, and steps skipped because that was too much. */
  scaling?: { scale: number; skipped: number };
}

/** What training would take on this device. */
export interface TrainingCost {
  parameters: number;
  /** Memory of the trainer. */
  bytes: number;
  /** Bytes that f16 saves, or would save; 0 where it cannot be had here. */
  saved: number;
  tokensPerSecond: number;
  /** Whether that speed was measured on this very size, or reckoned from another one's. */
  measured: boolean;
  /** Why it cannot be trained here, and what could be. */
  problem?: string;
}

/** Calls for training. One run trains at a time; it yields to everything else between its steps. */
export interface TrainingCalls {
  /** @param classes of the pictures, for recipes that make use of them @throws for a size or recipe that cannot be at all */
  trainingCost(size: ModelSize, colours: number, recipe: Recipe, classes: number): Promise<TrainingCost>;

  /** Starts a run; resolves as soon as it is stored and its first step can be taken. onUpdate hears its course. */
  startRun(request: RunRequest, onUpdate: (update: TrainingUpdate) => void): Promise<RunInfo>;
  /** Goes on from what was saved, or from where it was paused. The first update has the whole history. */
  resumeRun(id: string, onUpdate: (update: TrainingUpdate) => void): Promise<RunInfo>;
  /** After the step that is under way; saves. */
  pauseRun(): Promise<void>;
  /** One step of the run that is paused. */
  stepRun(): Promise<void>;
  /** Saves the run, and gives its memory back. */
  stopRun(): Promise<void>;
  /** Changes the learning rate from the next step on: the schedule goes on from this peak. */
  setRunRate(rate: number): Promise<void>;

  /** The newest first. */
  listRuns(): Promise<RunInfo[]>;
  runHistory(id: string): Promise<RunHistory>;
  renameRun(id: string, name: string): Promise<RunInfo>;
  /** A copy of everything, which can go another way. */
  duplicateRun(id: string): Promise<RunInfo>;
  deleteRun(id: string): Promise<void>;

  /** Everything of a run as one archive, for importRun. */
  exportRun(id: string): Promise<Blob>;
  importRun(file: Blob): Promise<RunInfo>;
  /** A model folder in Hugging Face's layout, as a zip archive. */
  exportRunModel(id: string, which: WhichWeights, dtype: 'F32' | 'F16'): Promise<Blob>;
}

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

/** How fast one kind of work is on this device: preset xs (4 layers, width 128, 4 heads, 256 pixels). */
export interface BenchmarkRow {
  /** Completing: 8 variants, half of each picture given. Training: batches of 4 pictures, tokens learnt from. */
  work: 'completing' | 'training';
  tokensPerSecond: number;
  backend: BackendName;
}

/** The lab that the worker exposes. Every call may reject with an Error whose message is one plain sentence. */
export interface Lab extends DatasetCalls, ModelCalls, TrainingCalls, ProbeCalls, EvaluationCalls {
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
