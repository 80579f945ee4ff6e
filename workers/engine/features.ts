/**
 * Features of linear probes on WebGPU: the forward pass of training without its head, and a pooled row a layer and picture,
 * as one recorded plan. Only the pooled rows are ever read back.
 */
import { type Features, featureInputs } from '../igpt/features.ts';
import type { Objective } from '../igpt/objectives.ts';
import {
  checkSizes,
  embedded,
  type ForwardSetup,
  forwardBlock,
  normed,
  normOf,
  type TrainingTuning,
} from './forward-plan.ts';
import { pool } from './kernels/pool.ts';
import type { Parameters } from './parameters.ts';
import { type Plan, PlanBuilder, type Range, rangeOf } from './plan.ts';
import { readBack } from './read-back.ts';

/** WebGPU binds storage at multiples of so many bytes, on every device. */
const ALIGNMENT = 256;

export class EngineFeatures implements Features {
  readonly layers: number;
  readonly width: number;
  readonly pixels: number;

  private constructor(
    private readonly device: GPUDevice,
    private readonly parameters: Parameters,
    readonly batch: number,
    private readonly objective: Objective,
    private readonly inputs: GPUBuffer,
    /** A layer's rows, [batch, D], each in a range of one buffer. */
    private readonly pooled: Range[],
    readonly plan: Plan,
  ) {
    this.layers = pooled.length;
    this.width = parameters.config.n_embd;
    this.pixels = parameters.config.n_positions;
  }

  /**
   * The parameters stay the caller's, and are read as they are at each call. Throws RangeError, before anything runs, for
   * a size that the kernels or the device cannot serve.
   */
  static async create(
    device: GPUDevice,
    parameters: Parameters,
    batch: number,
    objective: Objective,
    tuning: TrainingTuning,
  ): Promise<EngineFeatures> {
    const { config } = parameters;
    checkSizes(config, batch);
    const layers = config.n_layer + 1;
    const bytes = 4 * batch * config.n_embd;
    const stride = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    const inputs = makeBuffer(device, 'inputs', 4 * batch * config.n_positions);
    const output = makeBuffer(device, 'pooled', layers * stride);
    const pooled = Array.from({ length: layers }, (_, l) => rangeOf(`pooled ${l}`, output, l * stride, bytes));
    const causal = objective === 'autoregressive';
    const step = { inputs: rangeOf('inputs', inputs) };
    const setup = { plan: new PlanBuilder(device), config, batch, causal, parameters, tuning, step };
    record(setup, pooled);
    const plan = await setup.plan.build();
    return new EngineFeatures(device, parameters, batch, objective, inputs, pooled, plan);
  }

  async of(tokens: Int16Array): Promise<Float32Array> {
    const { device, parameters, width, pooled } = this;
    const inputs = featureInputs(this.objective, tokens, parameters.config, this.batch);
    const rows = 4 * width * (inputs.length / parameters.config.n_positions);
    // Where there are fewer pictures than in a batch, the ones before them are done again, and not read.
    device.queue.writeBuffer(this.inputs, 0, inputs as BufferSource);
    const encoder = device.createCommandEncoder();
    this.plan.record(encoder);
    const sources = pooled.map(({ own }) => ({ ...own!, bytes: rows }));
    return new Float32Array(await readBack(device, encoder, sources));
  }

  dispose(): void {
    this.plan.dispose();
    this.inputs.destroy();
    this.pooled[0].own!.buffer.destroy();
  }
}

function record(setup: ForwardSetup, pooled: Range[]): void {
  const { plan, config, batch: b, tuning } = setup;
  const { n_layer, n_positions: t, n_embd: d } = config;
  let h = embedded(setup);
  for (let i = 0; i < n_layer; i++) {
    const { ln1, next } = forwardBlock(setup, i, h);
    pool(plan, tuning.lanes, { label: `${i} pool`, b, t, d, x: ln1 }, pooled[i]);
    h = next;
  }
  const last = normed(setup, normOf(setup, 'ln_f', 'transformer.ln_f', h));
  pool(plan, tuning.lanes, { label: 'last pool', b, t, d, x: last }, pooled[n_layer]);
}

function makeBuffer(device: GPUDevice, label: string, size: number): GPUBuffer {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  return device.createBuffer({ label, size, usage });
}
