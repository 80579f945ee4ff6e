/**
 * Which way whole pictures pass through a model: the engine on WebGPU, the SIMD kernels on WebAssembly, the reference
 * elsewhere and for the sizes that no kernel serves. What features and scores are opened by.
 */

import type { TrainingTuning } from '../engine/forward-plan.ts';
import type { Parameters } from '../engine/parameters.ts';
import { BadInput } from '../errors.ts';
import type { Config, Weights } from '../igpt/config.ts';
import { ImageGPT } from '../igpt/reference.ts';
import type { Backend } from './backend.ts';

/** Positions at once: on a GPU enough to fill it; on WebAssembly, where more are no faster, few, so that others wait little. */
const GPU_ROWS = 8192;
const WASM_ROWS = 256;

/** Where not even the least that a model takes can be had. */
export const NO_GPU_MEMORY =
  'There is not enough graphics memory for this model: close what else uses the graphics card, or choose WASM behind the device badge.';

export type PassBackend = Pick<Backend, 'training' | 'memory'>;

/** What is opened on each way, for so many pictures at once. Each throws RangeError for what it cannot serve. */
export interface Ways<P extends { dispose(): void }> {
  engine(device: GPUDevice, parameters: Parameters, batch: number, tuning: TrainingTuning): Promise<P>;
  simd(batch: number): Promise<P>;
  reference(gpt: ImageGPT, batch: number): P;
}

/** Copies the weights to the device. @throws BadInput if its memory does not do. Gives what was opened, and the rest that goes when it goes. */
export async function openPass<P extends { dispose(): void }>(
  backend: PassBackend,
  config: Config,
  weights: Weights,
  ways: Ways<P>,
): Promise<{ pass: P; model: { dispose(): void } }> {
  try {
    const fast = await openFast(backend, config, weights, ways);
    if (fast) return fast;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.info(`No kernel can serve this model, so the reference does: ${error.message}`);
  }
  const gpt = new ImageGPT(config, weights);
  return { pass: ways.reference(gpt, batchOf(WASM_ROWS, config)), model: gpt };
}

async function openFast<P extends { dispose(): void }>(
  { training, memory }: PassBackend,
  config: Config,
  weights: Weights,
  ways: Ways<P>,
): Promise<{ pass: P; model: { dispose(): void } } | undefined> {
  if (training.by === 'engine') {
    const { gpu } = training;
    const { Parameters } = await import('../engine/parameters.ts');
    const { trainingTuning } = await import('./tiles.ts');
    const { ifRoom } = await import('../engine/room.ts');
    const most = batchOf(GPU_ROWS, config);
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
  return { pass: await ways.simd(batchOf(WASM_ROWS, config)), model: { dispose: () => {} } };
}

const batchOf = (rows: number, { n_positions }: Config): number => Math.max(1, Math.floor(rows / n_positions));
