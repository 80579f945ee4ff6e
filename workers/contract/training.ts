/** Runs: how a model is trained, and what came of it. */
import type { WhichWeights } from './models.ts';

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

/** The current model's weights, or those that a run has kept. */
export type RunStart = { kind: 'current' } | { kind: 'run'; run: string; which: WhichWeights };

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

/** What a data set has to train on. */
export interface PictureCounts {
  count: number;
  /** They are stored as side × side pixels. */
  side: number;
  /** Classes that they have, for recipes that make use of them. */
  classes: number;
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
  /** @param pictures of the data set @throws for a size or recipe that cannot be at all */
  trainingCost(size: ModelSize, colours: number, recipe: Recipe, pictures: PictureCounts): Promise<TrainingCost>;

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
