/**
 * The trainer on WebGPU: a step is one recorded plan, one compute pass, one submit. The host writes the batch, and may
 * start a step before it has read the loss and gradient norm of the one before, so that the GPU never waits for JavaScript.
 */
import { type Config, embeddingRows } from '../igpt/config.ts';
import type { Decoder } from '../igpt/decoder.ts';
import type { Features } from '../igpt/features.ts';
import { type Objective, partsOf, type Task } from '../igpt/objectives.ts';
import { ADAMW, type AdamW } from '../igpt/optimizer.ts';
import {
  blankState,
  type Measured,
  type Scaling,
  type StepMetrics,
  summed,
  type Trainer,
  type TrainerState,
} from '../igpt/trainer.ts';
import { EngineDecoder } from './decoder.ts';
import type { DecoderTuning } from './decoder-plan.ts';
import { type Abilities, dryDevice } from './dry-device.ts';
import { EngineFeatures } from './features.ts';
import { checkSizes, type TrainingTuning } from './forward-plan.ts';
import { HalfParameters } from './half-parameters.ts';
import { settingsOf } from './kernels/adamw.ts';
import { rowsByInput } from './kernels/embedding.ts';
import { FRESH_SCALING, SCALING_WORDS, scalingWords } from './kernels/loss-scaling.ts';
import { Parameters, type Twin } from './parameters.ts';
import { type Plan, PlanBuilder, type Range, rangeOf } from './plan.ts';
import { readBack } from './read-back.ts';
import { ifRoom } from './room.ts';
import {
  type Moments,
  recordLoss,
  recordPart,
  recordStep,
  recordSummedUpdate,
  type Setup,
  type StepBuffers,
} from './training-plan.ts';
import { GPU_TUNING } from './tuning.ts';

export interface EngineTrainerOptions {
  tuning: TrainingTuning;
  /** Of the objective: the attention is recorded for one of the two. True unless said otherwise. */
  causal?: boolean;
  /** Run each block's forward pass a second time instead of keeping its activations. */
  recompute?: boolean;
  /** Take steps whose batches pass in several parts. */
  parts?: boolean;
  /** Keep activations, and what products read of the weights, in f16; weights and moments stay f32. */
  half?: boolean;
  /** What the pixels' surprise counts beside that of the classes, where the model has classes. 1 unless said otherwise. */
  generative?: number;
  /** How decoders of the weights divide their work. */
  decoding?: DecoderTuning;
}

/** A step in parts: one plan for each, and one that follows the last. */
interface Parts {
  sum: Twin;
  part: Plan;
  update: Plan;
}

/** Metrics are [loss, gradient norm, clip factor, the classes' loss, accuracy, loss scale, steps skipped]. */
const METRICS = 7;

export class EngineTrainer implements Trainer {
  private constructor(
    private readonly device: GPUDevice,
    readonly config: Config,
    readonly batch: number,
    private readonly adam: AdamW,
    private readonly causal: boolean,
    private readonly tuning: TrainingTuning,
    private readonly decoding: DecoderTuning,
    /** The weights as they are; a decoder may read them while training goes on. */
    readonly parameters: Parameters,
    private readonly moments: Moments,
    private readonly buffers: Record<keyof StepBuffers, GPUBuffer>,
    /** A step's dispatches, for reading and counting. */
    readonly stepPlan: Plan,
    private readonly lossPlan: Plan,
    private readonly parts: Parts | undefined,
    /** Where it trains in f16. */
    private readonly half: HalfParameters | undefined,
    private steps: number,
  ) {}

  /** Throws RangeError, before anything runs, for a size, or f16, that the kernels or the device cannot serve. */
  static async create(
    device: GPUDevice,
    config: Config,
    batch: number,
    adam: AdamW,
    state: TrainerState,
    {
      tuning,
      causal = true,
      recompute = false,
      parts = false,
      half = false,
      generative = 1,
      decoding = GPU_TUNING.decoding,
    }: EngineTrainerOptions,
  ): Promise<EngineTrainer> {
    checkSizes(config, batch);
    const parameters = new Parameters(device, config, state.weights);
    const moments = {
      gradient: parameters.twin('gradient'),
      mean: parameters.twin('mean', state.mean),
      square: parameters.twin('square', state.square),
    };
    const halves = half ? await HalfParameters.of(device, parameters) : undefined;
    const buffers = makeBuffers(device, config, batch);
    device.queue.writeBuffer(buffers.scaling, 0, scalingWords(state.scaling ?? FRESH_SCALING) as BufferSource);
    const step = Object.fromEntries(
      Object.entries(buffers).map(([name, buffer]): [string, Range] => [name, rangeOf(name, buffer)]),
    ) as Record<keyof StepBuffers, Range>;
    const shared = { config, batch, causal, parameters, half: halves, tuning, step, generative };
    const setup = (): Setup => ({ plan: new PlanBuilder(device), ...shared });
    const [whole, forward] = [setup(), setup()];
    recordStep(whole, moments, adam, recompute);
    recordLoss(forward);
    const stepPlan = await whole.plan.build();
    const lossPlan = await forward.plan.build(stepPlan);
    const inParts = async (): Promise<Parts> => {
      const sum = parameters.twin('gradient sum');
      const [part, update] = [setup(), setup()];
      recordPart(part, moments, sum, recompute);
      recordSummedUpdate(update, moments, sum, adam);
      return { sum, part: await part.plan.build(stepPlan), update: await update.plan.build(stepPlan) };
    };
    return new EngineTrainer(
      device,
      config,
      batch,
      adam,
      causal,
      tuning,
      decoding,
      parameters,
      moments,
      buffers,
      stepPlan,
      lossPlan,
      parts ? await inParts() : undefined,
      halves,
      state.step,
    );
  }

  /** Bytes that a trainer would take on such a device. Throws RangeError for what cannot be served. */
  static async bytesFor(
    like: Abilities,
    config: Config,
    batch: number,
    options: EngineTrainerOptions,
  ): Promise<number> {
    const trainer = await EngineTrainer.create(dryDevice(like), config, batch, ADAMW, blankState(config), options);
    return trainer.bytes;
  }

  async step(task: Task, rate: number): Promise<StepMetrics> {
    const parts = this.partsOf(task);
    this.steps++;
    this.device.queue.writeBuffer(this.buffers.settings, 0, settingsOf(this.adam, this.steps, rate) as BufferSource);
    if (parts.length === 1) {
      const metrics = await this.run(this.stepPlan, parts[0]);
      return { ...this.measured(metrics), ...this.judged(metrics) };
    }
    if (!this.parts) throw new RangeError('This trainer was made for batches in one part.');
    const { sum, part, update } = this.parts;
    const encoder = this.device.createCommandEncoder();
    encoder.clearBuffer(sum.all.own!.buffer);
    this.device.queue.submit([encoder.finish()]);
    // All of it is submitted before anything is waited for.
    const reported = parts.map((one) => this.run(part, one));
    const judged = this.judged(await this.run(update));
    return { ...summed((await Promise.all(reported)).map((metrics) => this.measured(metrics))), ...judged };
  }

  async measure(task: Task): Promise<Measured> {
    const reported = await Promise.all(this.partsOf(task).map((part) => this.run(this.lossPlan, part)));
    return summed(reported.map((metrics) => this.measured(metrics)));
  }

  async state(): Promise<TrainerState> {
    const { mean, square } = this.moments;
    const [weights, m, v, scaling] = await Promise.all([
      this.parameters.read(),
      mean.read(),
      square.read(),
      this.half && this.readScaling(),
    ]);
    return { step: this.steps, weights, mean: m, square: v, ...(scaling && { scaling }) };
  }

  /** From the weights where they lie, by the kernels of a step; its memory is its own. */
  async features(objective: Objective): Promise<Features> {
    const { device, parameters, batch, tuning } = this;
    const features = await ifRoom(device, () => EngineFeatures.create(device, parameters, batch, objective, tuning));
    if (features) return features;
    throw new RangeError('The GPU has no memory left to look into the layers.');
  }

  /** Reads the weights on the GPU as they are at each step of it. */
  async decoder(pictures: number): Promise<Decoder> {
    const { device, parameters, decoding } = this;
    const decoder = await ifRoom(device, () => EngineDecoder.create(device, parameters, pictures, decoding));
    if (decoder) return decoder;
    throw new RangeError('The GPU has no memory left to draw from the weights.');
  }

  /** Bytes of GPU memory: parameters, their gradient and moments, activations, batch. */
  get bytes(): number {
    const own = Object.values(this.buffers).reduce((sum, { size }) => sum + size, 0);
    const copies = this.parts ? 5 : 4; // weights, gradient, its sum, two moments
    const parameters = copies * this.parameters.all.bytes + (this.half?.bytes ?? 0);
    return parameters + own + this.plans.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  dispose(): void {
    for (const plan of this.plans) plan.dispose();
    this.parts?.sum.dispose();
    this.half?.dispose();
    this.parameters.dispose();
    for (const twin of Object.values(this.moments)) twin.dispose();
    for (const buffer of Object.values(this.buffers)) buffer.destroy();
  }

  private get plans(): Plan[] {
    return [this.stepPlan, this.lossPlan, ...(this.parts ? [this.parts.part, this.parts.update] : [])];
  }

  private partsOf(task: Task): Task[] {
    if (task.causal !== this.causal) throw new RangeError('The task is of another objective than this trainer.');
    return partsOf(task, this.batch, this.config);
  }

  private measured([loss, , , classLoss, accuracy]: Float32Array): Measured {
    return this.config.n_classes ? { loss, classes: { loss: classLoss, accuracy } } : { loss };
  }

  private judged([, gradientNorm, , , , scale, skipped]: Float32Array): Pick<StepMetrics, 'gradientNorm' | 'scaling'> {
    return this.half ? { gradientNorm, scaling: { scale, skipped } } : { gradientNorm };
  }

  private async readScaling(): Promise<Scaling> {
    const source = { buffer: this.buffers.scaling, bytes: 4 * SCALING_WORDS };
    const words = await readBack(this.device, this.device.createCommandEncoder(), [source]);
    const [scale, good, skipped] = new Float32Array(words);
    return { scale, good, skipped };
  }

  /** Submits the plan at once, on a task where there is one; what it resolves to has been read back. */
  private async run(plan: Plan, task?: Task): Promise<Float32Array> {
    if (task) this.write(task);
    const encoder = this.device.createCommandEncoder();
    plan.record(encoder);
    const metrics = { buffer: this.buffers.metrics, bytes: 4 * METRICS };
    return new Float32Array(await readBack(this.device, encoder, [metrics]));
  }

  private write(task: Task): void {
    const { queue } = this.device;
    const { inputs, targets, weights, labels, labelWeights, order, starts } = this.buffers;
    const sorted = rowsByInput(task.inputs, embeddingRows(this.config));
    queue.writeBuffer(inputs, 0, task.inputs as BufferSource);
    queue.writeBuffer(targets, 0, task.targets as BufferSource);
    queue.writeBuffer(weights, 0, task.weights as BufferSource);
    if (task.labels) {
      queue.writeBuffer(labels, 0, task.labels.classes as BufferSource);
      queue.writeBuffer(labelWeights, 0, task.labels.weights as BufferSource);
    }
    queue.writeBuffer(order, 0, sorted.order as BufferSource);
    queue.writeBuffer(starts, 0, sorted.starts as BufferSource);
  }
}

function makeBuffers(device: GPUDevice, config: Config, batch: number): Record<keyof StepBuffers, GPUBuffer> {
  const rows = batch * config.n_positions;
  const make = (label: string, words: number) =>
    device.createBuffer({
      label,
      size: 4 * words,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    });
  return {
    inputs: make('inputs', rows),
    targets: make('targets', rows),
    weights: make('task weights', rows),
    labels: make('labels', batch),
    labelWeights: make('label weights', batch),
    order: make('order', rows),
    starts: make('starts', embeddingRows(config) + 1),
    settings: make('settings', 4),
    metrics: make('metrics', METRICS),
    scaling: make('loss scaling', SCALING_WORDS),
  };
}
