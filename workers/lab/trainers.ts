/** Which trainer trains: the engine on WebGPU, the SIMD kernels on WebAssembly, the reference elsewhere. */
import type { Config } from '../igpt/config.ts';
import type { Objective } from '../igpt/objectives.ts';
import type { AdamW } from '../igpt/optimizer.ts';
import type { Trainer, TrainerState } from '../igpt/trainer.ts';
import { SimdTrainer } from '../simd/trainer.ts';
import type { Backend } from './backend.ts';

/** Throws RangeError, before anything runs, for sizes that this device cannot train. */
export async function openTrainer(
  { report, gpu, simd, memory }: Backend,
  config: Config,
  batch: number,
  adam: AdamW,
  objective: Objective,
  state: TrainerState,
): Promise<Trainer> {
  if (gpu && report.training.backend === 'webgpu') {
    const { EngineTrainer } = await import('../engine/trainer.ts');
    const { trainingTuning } = await import('./tiles.ts');
    const tuning = await trainingTuning(gpu, config.n_embd, batch * config.n_positions, memory);
    const options = { tuning, causal: objective === 'autoregressive' };
    return EngineTrainer.create(gpu.device, config, batch, adam, state, options);
  }
  if (simd) return SimdTrainer.create(config, batch, adam, state);
  const { ReferenceTrainer } = await import('../igpt/reference-trainer.ts');
  return new ReferenceTrainer(config, batch, adam, state);
}
