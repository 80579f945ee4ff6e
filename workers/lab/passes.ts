/**
 * Which way whole pictures pass through a model: the engine on WebGPU, the SIMD kernels on WebAssembly, the reference
 * elsewhere and for the sizes that no kernel serves. What features and scores are opened by.
 */

import type { TrainingTuning } from '../engine/forward-plan.ts';
import type { Parameters } from '../engine/parameters.ts';
import { BadInput } from '../errors.ts';
import type { Config, Weights } from '../igpt/config.ts';
import { passBytes } from '../igpt/memory.ts';
import { ImageGPT } from '../igpt/reference.ts';
import type { Backend } from './backend.ts';
import { batchWithin } from './budget.ts';

/** Positions at once: on a GPU enough to fill it; on WebAssembly, where more are no faster, few, so that others wait little. */
const GPU_ROWS = 8192;
const WASM_ROWS = 256;

/** Where not even the least that a model takes can be had. */
export const NO_GPU_MEMORY =
  'There is not enough graphics memory for this model: close what else uses the graphics card, or choose WASM behind the device badge.';

export type PassBackend = Pick<Backend, 'training' | 'memory' | 'budget'>;

/** What is opened on each way, for so many pictures at once. Each throws RangeError for what it cannot serve. */
export interface Ways<P extends { dispose(): void }> {
  engine(device: GPUDevice, parameters: Parameters, batch: number, tuning: TrainingTuning): Promise<P>;
  simd(batch: number): Promise<P>;
  reference(gpt: ImageGPT, batch: number): P;
}

interface Opened<P> {
  pass: P;
  /** The rest that goes when it goes. */
  model: { dispose(): void };
}

/**
 * Copies the weights to the device.
 * @throws BadInput if its memory, or what the page may hold, does not do
 */
export async function openPass<P extends { dispose(): void }>(
  backend: PassBackend,
  config: Config,
  weights: Weights,
  ways: Ways<P>,
): Promise<Opened<P>> {
  const { budget, training } = backend;
  const left = await budget.left();
  budget.refuse('A pass through this model', passBytes(config, 1), left);
  const most = batchWithin(left, config, batchOf(training.by === 'engine' ? GPU_ROWS : WASM_ROWS, config));
  const held = await budget.hold(() => passBytes(config, most));
  try {
    const { pass, model } = await openBest(backend, config, weights, ways, most);
    const dispose = () => {
      model.dispose();
      held.release();
    };
    return { pass, model: { dispose } };
  } catch (error) {
    held.release();
    throw error;
  }
}

async function openBest<P extends { dispose(): void }>(
  backend: PassBackend,
  config: Config,
  weights: Weights,
  ways: Ways<P>,
  most: number,
): Promise<Opened<P>> {
  try {
    const fast = await openFast(backend, config, weights, ways, most);
    if (fast) return fast;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.info(`No kernel can serve this model, so the reference does: ${error.message}`);
  }
  const gpt = new ImageGPT(config, weights);
  return { pass: ways.reference(gpt, Math.min(most, batchOf(WASM_ROWS, config))), model: gpt };
}

async function openFast<P extends { dispose(): void }>(
  { training, memory }: PassBackend,
  config: Config,
  weights: Weights,
  ways: Ways<P>,
  most: number,
): Promise<Opened<P> | undefined> {
  if (training.by === 'engine') {
    const { gpu } = training;
    const { Parameters } = await import('../engine/parameters.ts');
    const { trainingTuning } = await import('./tiles.ts');
    const { ifRoom } = await import('../engine/room.ts');
    const tuning = await trainingTuning(gpu, config.n_embd, most * config.n_positions, memory);
    const parameters = await ifRoom(gpu.device, async () => new Parameters(gpu.device, config, weights));
    if (!parameters) throw new BadInput(NO_GPU_MEMORY);
    try {
      for (let batch = most; batch >= 1; batch >>= 1) {
        const pass = await ifRoom(gpu.device, () => ways.engine(gpu.device, parameters, batch, tuning));
        if (pass) return { pass, model: parameters };
      }
      throw new BadInput(NO_GPU_MEMORY);
    } catch (error) {
      parameters.dispose();
      throw error;
    }
  }
  if (training.by === 'reference') return undefined;
  return { pass: await ways.simd(most), model: { dispose: () => {} } };
}

const batchOf = (rows: number, { n_positions }: Config): number => Math.max(1, Math.floor(rows / n_positions));
