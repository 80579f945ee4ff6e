/**
 * The trainer on WebGPU: a step is one recorded plan, one compute pass, one submit. The host writes the batch, and reads
 * loss and gradient norm a few steps later from a ring of staging buffers, so that the GPU never waits for JavaScript.
 */
import type { Config } from '../igpt/config.ts';
import type { Task } from '../igpt/objectives.ts';
import type { AdamW } from '../igpt/optimizer.ts';
import type { StepMetrics, Trainer, TrainerState } from '../igpt/trainer.ts';
import { settingsOf } from './kernels/adamw.ts';
import { rowsByInput } from './kernels/embedding.ts';
import { Parameters } from './parameters.ts';
import { type Plan, PlanBuilder, type Range, rangeOf } from './plan.ts';
import {
  checkSizes,
  type Moments,
  recordLoss,
  recordStep,
  type Setup,
  type StepBuffers,
  type TrainingTuning,
} from './training-plan.ts';

export interface EngineTrainerOptions {
  tuning: TrainingTuning;
  /** Of the objective: the attention is recorded for one of the two. True unless said otherwise. */
  causal?: boolean;
  /** Run each block's forward pass a second time instead of keeping its activations. */
  recompute?: boolean;
}

/** Metrics are [loss, gradient norm, clip factor]. */
const METRICS = 3;

export class EngineTrainer implements Trainer {
  private readonly staging: GPUBuffer[] = [];

  private constructor(
    private readonly device: GPUDevice,
    readonly config: Config,
    readonly batch: number,
    private readonly adam: AdamW,
    private readonly causal: boolean,
    /** The weights as they are; a decoder may read them while training goes on. */
    readonly parameters: Parameters,
    private readonly moments: Moments,
    private readonly buffers: Record<keyof StepBuffers, GPUBuffer>,
    /** A step's dispatches, for reading and counting. */
    readonly stepPlan: Plan,
    private readonly lossPlan: Plan,
    private steps: number,
  ) {}

  /** Throws RangeError, before anything runs, for a size that the kernels or the device cannot serve. */
  static async create(
    device: GPUDevice,
    config: Config,
    batch: number,
    adam: AdamW,
    state: TrainerState,
    { tuning, causal = true, recompute = false }: EngineTrainerOptions,
  ): Promise<EngineTrainer> {
    checkSizes(config, batch);
    const parameters = new Parameters(device, config, state.weights);
    const moments = {
      gradient: parameters.twin('gradient'),
      mean: parameters.twin('mean', state.mean),
      square: parameters.twin('square', state.square),
    };
    const buffers = makeBuffers(device, config, batch);
    const step = Object.fromEntries(
      Object.entries(buffers).map(([name, buffer]): [string, Range] => [name, rangeOf(name, buffer)]),
    ) as Record<keyof StepBuffers, Range>;
    const setup = (): Setup => ({ plan: new PlanBuilder(device), config, batch, causal, parameters, tuning, step });
    const [whole, forward] = [setup(), setup()];
    recordStep(whole, moments, adam, recompute);
    recordLoss(forward);
    const stepPlan = await whole.plan.build();
    const lossPlan = await forward.plan.build(stepPlan);
    return new EngineTrainer(
      device,
      config,
      batch,
      adam,
      causal,
      parameters,
      moments,
      buffers,
      stepPlan,
      lossPlan,
      state.step,
    );
  }

  async step(task: Task, rate: number): Promise<StepMetrics> {
    this.check(task);
    this.steps++;
    this.device.queue.writeBuffer(this.buffers.settings, 0, settingsOf(this.adam, this.steps, rate) as BufferSource);
    const [loss, gradientNorm] = await this.run(this.stepPlan, task);
    return { loss, gradientNorm };
  }

  async loss(task: Task): Promise<number> {
    this.check(task);
    const [loss] = await this.run(this.lossPlan, task);
    return loss;
  }

  async state(): Promise<TrainerState> {
    const { mean, square } = this.moments;
    const [weights, m, v] = await Promise.all([this.parameters.read(), mean.read(), square.read()]);
    return { step: this.steps, weights, mean: m, square: v };
  }

  /** Bytes of GPU memory: parameters, their gradient and moments, activations, batch. */
  get bytes(): number {
    const own = Object.values(this.buffers).reduce((sum, { size }) => sum + size, 0);
    return 4 * this.parameters.all.bytes + own + this.stepPlan.bytes + this.lossPlan.bytes;
  }

  dispose(): void {
    this.stepPlan.dispose();
    this.lossPlan.dispose();
    this.parameters.dispose();
    for (const twin of Object.values(this.moments)) twin.dispose();
    for (const buffer of [...Object.values(this.buffers), ...this.staging]) buffer.destroy();
  }

  private check(task: Task): void {
    const rows = this.batch * this.config.n_positions;
    if (task.inputs.length !== rows) {
      throw new RangeError(`The task has ${task.inputs.length} positions, but this trainer takes ${rows}.`);
    }
    if (task.causal !== this.causal) throw new RangeError('The task is of another objective than this trainer.');
  }

  /** Submits the plan on a task at once; what it resolves to has been read back. */
  private async run(plan: Plan, task: Task): Promise<Float32Array> {
    const { queue } = this.device;
    const { inputs, targets, weights, order, starts, metrics } = this.buffers;
    const sorted = rowsByInput(task.inputs, this.config.n_colours + 1);
    queue.writeBuffer(inputs, 0, task.inputs as BufferSource);
    queue.writeBuffer(targets, 0, task.targets as BufferSource);
    queue.writeBuffer(weights, 0, task.weights as BufferSource);
    queue.writeBuffer(order, 0, sorted.order as BufferSource);
    queue.writeBuffer(starts, 0, sorted.starts as BufferSource);
    const staging = this.staging.pop() ?? this.makeStaging();
    const encoder = this.device.createCommandEncoder();
    plan.record(encoder);
    encoder.copyBufferToBuffer(metrics, 0, staging, 0, 4 * METRICS);
    queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const values = new Float32Array(staging.getMappedRange().slice(0));
    staging.unmap();
    this.staging.push(staging);
    return values;
  }

  private makeStaging(): GPUBuffer {
    return this.device.createBuffer({
      label: 'metrics staging',
      size: 4 * METRICS,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
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
    order: make('order', rows),
    starts: make('starts', config.n_colours + 2),
    settings: make('settings', 3),
    metrics: make('metrics', METRICS),
  };
}
