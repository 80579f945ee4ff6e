/**
 * A backend of the lab: one connector to a specific implementation of the model. The engine on
 * WebGPU (engine/compute.ts), the SIMD kernels on WebAssembly (simd/compute.ts) and the reference in
 * tfjs ops (igpt/reference-compute.ts) implement it, and the lab knows nothing else of them.
 */
import type { BackendName, Recipe } from '../contract.ts';
import type { Config, Weights } from '../igpt/config.ts';
import type { Decoder } from '../igpt/decoder.ts';
import type { Features } from '../igpt/features.ts';
import type { Objective } from '../igpt/objectives.ts';
import type { AdamW } from '../igpt/optimizer.ts';
import type { Scorer } from '../igpt/scorer.ts';
import type { Trainer, TrainerState } from '../igpt/trainer.ts';

export type Precision = Recipe['precision'];

export interface Compute {
  readonly name: BackendName;
  /** Name of the adapter or the engine, e.g. "NVIDIA RTX 4070"; measurements are kept by it. */
  readonly adapter: string;
  /** Precisions that it can train in. */
  readonly precisions: readonly Precision[];
  /** Decoders keep weights, keys and values in f16. */
  readonly decodesHalves: boolean;
  /** Positions of a pass that make full use of the device: more at once are no faster. */
  readonly passRows: number;

  /** Measured maximum of arithmetic, in operations a second; 0 if it is not known. */
  peak(): Promise<number>;
  /** Reason why not even one picture of such a model can be decoded; undefined if it can. */
  refusal(config: Config): string | undefined;
  /** Whether so many bytes can be allocated now. */
  hasRoom(bytes: number): Promise<boolean>;

  /**
   * Makes a model ready for decoding: its weights are copied to the device, if it has memory of its
   * own. The caller disposes it.
   * @throws RangeError if no kernel serves this size
   * @throws BadInput if the device lacks memory
   */
  openModel(config: Config, weights: Weights): Promise<DecodingModel>;
  /**
   * Opens a scorer of at most `max` pictures at once, which owns its copy of the weights.
   * @throws RangeError if no kernel serves this size
   * @throws BadInput if the device lacks memory for even one picture
   */
  scorer(config: Config, weights: Weights, max: number): Promise<Scorer>;
  /** As scorer(), for features. */
  features(config: Config, weights: Weights, objective: Objective, max: number): Promise<Features>;

  /**
   * @param max bytes that the trainer may take, where it can do with less at the cost of speed
   * @throws RangeError before anything runs, for a size or a precision that cannot be trained
   * @throws BadInput if the device lacks memory
   */
  trainer(config: Config, options: TrainerOptions, state: TrainerState, max?: number): Promise<Trainer>;
  /**
   * Bytes of such a trainer.
   * @param least as it is where memory is short
   * @throws RangeError as trainer()
   */
  trainerBytes(config: Config, options: TrainerOptions, least?: boolean): Promise<number>;
}

/** A model that a Compute decodes with. */
export interface DecodingModel {
  /**
   * @param pictures maximum number at once, look-ahead's particles included
   * @throws RangeError if no kernel serves this size
   * @throws BadInput if the device lacks memory
   */
  decoder(pictures: number): Promise<Decoder>;
  /** After all of its decoders. */
  dispose(): void;
}

export interface TrainerOptions {
  adam: AdamW;
  objective: Objective;
  /** Pictures that pass through the model at once. */
  batch: number;
  /** A step may have several times as many pictures, which pass in parts. */
  parts: boolean;
  /** Weight of the pixels' loss beside that of the classes, if the model has classes. */
  generative: number;
  precision: Precision;
}

/** Keeps measurements between visits. */
export interface Memory {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}

/** Reason why a precision cannot be trained in; undefined if it can. */
export function precisionProblem({ name, adapter, precisions }: Compute, precision: Precision): string | undefined {
  if (precisions.includes(precision)) return undefined;
  return name === 'webgpu'
    ? `Training in f16 needs a GPU with shader-f16, which ${adapter} does not have: choose f32.`
    : 'Training in f16 needs WebGPU, but here something else trains: choose f32.';
}

/** The same object, whose dispose() also does something else. */
export function alsoDisposing<T extends { dispose(): void }>(thing: T, more: () => void): T {
  const dispose = thing.dispose.bind(thing);
  thing.dispose = () => {
    dispose();
    more();
  };
  return thing;
}
