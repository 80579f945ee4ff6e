/**
 * Which way whole pictures pass through a model: the engine on WebGPU, the SIMD kernels on WebAssembly, the reference
 * elsewhere and for the sizes that no kernel serves. What features and scores are opened by.
 */

import type { TrainingTuning } from '../engine/forward-plan.ts';
import type { Parameters } from '../engine/parameters.ts';
import type { Config, Weights } from '../igpt/config.ts';
import { ImageGPT } from '../igpt/reference.ts';
import type { Backend } from './backend.ts';

/** Positions at once: on a GPU enough to fill it; on WebAssembly, where more are no faster, few, so that others wait little. */
const GPU_ROWS = 8192;
const WASM_ROWS = 256;

export type PassBackend = Pick<Backend, 'report' | 'gpu' | 'simd' | 'memory'>;

/** What is opened on each way, for so many pictures at once. Each throws RangeError for what it cannot serve. */
export interface Ways<P> {
  engine(device: GPUDevice, parameters: Parameters, batch: number, tuning: TrainingTuning): Promise<P>;
  simd(batch: number): Promise<P>;
  reference(gpt: ImageGPT, batch: number): P;
}

/** Copies the weights to the device. Gives what was opened, and the rest that goes when it goes. */
export async function openPass<P>(
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

async function openFast<P>(
  { report, gpu, simd, memory }: PassBackend,
  config: Config,
  weights: Weights,
  ways: Ways<P>,
): Promise<{ pass: P; model: { dispose(): void } } | undefined> {
  if (gpu && report.training.backend === 'webgpu') {
    const { Parameters } = await import('../engine/parameters.ts');
    const { trainingTuning } = await import('./tiles.ts');
    const batch = batchOf(GPU_ROWS, config);
    const tuning = await trainingTuning(gpu, config.n_embd, batch * config.n_positions, memory);
    const parameters = new Parameters(gpu.device, config, weights);
    try {
      return { pass: await ways.engine(gpu.device, parameters, batch, tuning), model: parameters };
    } catch (error) {
      parameters.dispose();
      throw error;
    }
  }
  return simd ? { pass: await ways.simd(batchOf(WASM_ROWS, config)), model: { dispose: () => {} } } : undefined;
}

const batchOf = (rows: number, { n_positions }: Config): number => Math.max(1, Math.floor(rows / n_positions));
