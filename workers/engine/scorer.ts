/**
 * Surprise of every pixel on WebGPU: the forward pass of training up to the loss of each position, as one recorded plan. The
 * logits share their memory with the widest layer, of which a block has 4 D numbers a position.
 */
import { featureInputs } from '../igpt/features.ts';
import type { Scorer } from '../igpt/scorer.ts';
import {
  checkSizes,
  embedded,
  type ForwardSetup,
  forwardBlock,
  normed,
  normOf,
  type TrainingTuning,
} from './forward-plan.ts';
import { crossEntropy } from './kernels/loss.ts';
import { matmul } from './kernels/matmul.ts';
import type { Parameters } from './parameters.ts';
import { type Plan, PlanBuilder, type Range, rangeOf } from './plan.ts';
import { readBack } from './read-back.ts';

export class EngineScorer implements Scorer {
  readonly pixels: number;

  private constructor(
    private readonly device: GPUDevice,
    private readonly parameters: Parameters,
    readonly batch: number,
    private readonly buffers: Buffers,
    readonly plan: Plan,
  ) {
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
    tuning: TrainingTuning,
  ): Promise<EngineScorer> {
    const { config } = parameters;
    checkSizes(config, batch);
    const buffers = makeBuffers(device, batch * config.n_positions);
    const step = { inputs: rangeOf('inputs', buffers.inputs) };
    const setup = { plan: new PlanBuilder(device), config, batch, causal: true, parameters, tuning, step };
    record(setup, {
      targets: rangeOf('targets', buffers.targets),
      weights: rangeOf('weights', buffers.weights),
      losses: rangeOf('nats', buffers.nats),
    });
    const plan = await setup.plan.build();
    return new EngineScorer(device, parameters, batch, buffers, plan);
  }

  async of(tokens: Int16Array, starts?: ArrayLike<number>): Promise<Float32Array> {
    const { device, parameters, buffers } = this;
    const inputs = featureInputs('autoregressive', tokens, parameters.config, this.batch, starts);
    // Where there are fewer pictures than in a batch, the ones before them are done again, and not read.
    device.queue.writeBuffer(buffers.inputs, 0, inputs as BufferSource);
    device.queue.writeBuffer(buffers.targets, 0, Int32Array.from(tokens));
    const encoder = device.createCommandEncoder();
    this.plan.record(encoder);
    return new Float32Array(await readBack(device, encoder, [{ buffer: buffers.nats, bytes: 4 * tokens.length }]));
  }

  dispose(): void {
    this.plan.dispose();
    for (const buffer of Object.values(this.buffers)) buffer.destroy();
  }
}

function record(setup: ForwardSetup, rows: { targets: Range; weights: Range; losses: Range }): void {
  const { plan, config, batch, parameters, tuning } = setup;
  const { n_layer, n_positions, n_embd: d, n_colours: v } = config;
  const m = batch * n_positions;
  let h = embedded(setup);
  for (let i = 0; i < n_layer; i++) h = forwardBlock(setup, i, h).next;
  const x = normed(setup, normOf(setup, 'ln_f', 'transformer.ln_f', h));
  const weight = parameters.weight('lm_head'); // [V, D]
  const logits = plan.temporary('logits', m * v);
  matmul(plan, tuning.tiles.nt, { label: 'lm_head', m, n: v, k: d, a: x, b: weight, c: logits, transposeB: true });
  crossEntropy(plan, tuning.lanes, { m, v, logits, ...rows });
}

/** [rows] each. */
type Buffers = ReturnType<typeof makeBuffers>;

function makeBuffers(device: GPUDevice, rows: number) {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const make = (label: string) => device.createBuffer({ label, size: 4 * rows, usage });
  const weights = make('weights');
  device.queue.writeBuffer(weights, 0, new Float32Array(rows).fill(1)); // every position counts as it is
  return { inputs: make('inputs'), targets: make('targets'), weights, nats: make('nats') };
}
