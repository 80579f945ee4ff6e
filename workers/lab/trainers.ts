/** Which trainer trains: the engine on WebGPU, the SIMD kernels on WebAssembly, the reference elsewhere. */
import type { Recipe } from '../contract.ts';
import type { Config } from '../igpt/config.ts';
import type { AdamW } from '../igpt/optimizer.ts';
import type { Trainer, TrainerState } from '../igpt/trainer.ts';
import { SimdTrainer } from '../simd/trainer.ts';
import type { Backend } from './backend.ts';

/** How batches come, and what they count. */
export type Passing = Pick<Recipe, 'objective' | 'batch' | 'parts' | 'generative'>;

/** Throws RangeError, before anything runs, for sizes that this device cannot train. */
export async function openTrainer(
  { report, gpu, simd, memory }: Backend,
  config: Config,
  adam: AdamW,
  { objective, batch, parts, generative }: Passing,
  state: TrainerState,
): Promise<Trainer> {
  const rows = batch / parts;
  if (gpu && report.training.backend === 'webgpu') {
    const { EngineTrainer } = await import('../engine/trainer.ts');
    const { trainingTuning } = await import('./tiles.ts');
    const tuning = await trainingTuning(gpu, config.n_embd, rows * config.n_positions, memory);
    const options = { tuning, causal: objective === 'autoregressive', parts: parts > 1, generative };
    // What is run a second time need not be kept: slower, and a third of the memory.
    const { hasRoom } = await import('../engine/room.ts');
    const bytes = await EngineTrainer.bytesFor(gpu.device, config, rows, options);
    const recompute = !(await hasRoom(gpu.device, bytes));
    return EngineTrainer.create(gpu.device, config, rows, adam, state, { ...options, recompute });
  }
  if (simd) return SimdTrainer.create(config, rows, adam, state, generative);
  const { ReferenceTrainer } = await import('../igpt/reference-trainer.ts');
  return new ReferenceTrainer(config, rows, adam, state, generative);
}
