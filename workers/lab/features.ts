/**
 * Which way makes the features of a probe: the engine on WebGPU, the SIMD kernels on WebAssembly, the reference elsewhere
 * and for the sizes that no kernel serves.
 */
import type { Config, Weights } from '../igpt/config.ts';
import type { Features } from '../igpt/features.ts';
import type { Objective } from '../igpt/objectives.ts';
import { ImageGPT } from '../igpt/reference.ts';
import { ReferenceFeatures } from '../igpt/reference-features.ts';
import { SimdFeatures } from '../simd/features.ts';
import type { Backend } from './backend.ts';

/** Positions at once: on a GPU enough to fill it; on WebAssembly, where more are no faster, few, so that others wait little. */
const GPU_ROWS = 8192;
const WASM_ROWS = 256;

/** Copies the weights to the device; the caller disposes the features, and with them all that they hold. */
export async function openFeatures(
  backend: Pick<Backend, 'report' | 'gpu' | 'simd' | 'memory'>,
  config: Config,
  weights: Weights,
  objective: Objective,
): Promise<Features> {
  try {
    const fast = await openFast(backend, config, weights, objective);
    if (fast) return fast;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.info(`No kernel can serve this model, so the reference does: ${error.message}`);
  }
  const gpt = new ImageGPT(config, weights);
  return owning(new ReferenceFeatures(gpt, batchOf(WASM_ROWS, config), objective), gpt);
}

async function openFast(
  { report, gpu, simd, memory }: Pick<Backend, 'report' | 'gpu' | 'simd' | 'memory'>,
  config: Config,
  weights: Weights,
  objective: Objective,
): Promise<Features | undefined> {
  if (gpu && report.training.backend === 'webgpu') {
    const { EngineFeatures } = await import('../engine/features.ts');
    const { Parameters } = await import('../engine/parameters.ts');
    const { trainingTuning } = await import('./tiles.ts');
    const batch = batchOf(GPU_ROWS, config);
    const tuning = await trainingTuning(gpu, config.n_embd, batch * config.n_positions, memory);
    const parameters = new Parameters(gpu.device, config, weights);
    try {
      return owning(await EngineFeatures.create(gpu.device, parameters, batch, objective, tuning), parameters);
    } catch (error) {
      parameters.dispose();
      throw error;
    }
  }
  return simd ? SimdFeatures.create(config, weights, batchOf(WASM_ROWS, config), objective) : undefined;
}

const batchOf = (rows: number, { n_positions }: Config): number => Math.max(1, Math.floor(rows / n_positions));

/** The features, which take their model along when they go. */
function owning(features: Features, model: { dispose(): void }): Features {
  const { batch, layers, width, pixels } = features;
  return {
    batch,
    layers,
    width,
    pixels,
    of: (tokens) => features.of(tokens),
    dispose: () => {
      features.dispose();
      model.dispose();
    },
  };
}
