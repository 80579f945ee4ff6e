/** Which trainer trains: the engine on WebGPU, the SIMD kernels on WebAssembly, the reference elsewhere. */
import type { Config } from '../igpt/config.ts';
import type { Objective } from '../igpt/objectives.ts';
import type { AdamW } from '../igpt/optimizer.ts';
import type { Trainer, TrainerState } from '../igpt/trainer.ts';
import { SimdTrainer } from '../simd/trainer.ts';
import type { Backend } from './backend.ts';

/** Throws RangeError, before anything runs, for sizes that this device cannot train. */
export async function openTrainer(
  { report, gpu, simd }: Backend,
  config: Config,
  batch: number,
  adam: AdamW,
  objective: Objective,
  state: TrainerState,
): Promise<Trainer> {
  if (gpu && report.training.backend === 'webgpu') {
    const { EngineTrainer } = await import('../engine/trainer.ts');
    const { tuningFor } = await import('../engine/tuning.ts');
    const options = { tuning: tuningFor(gpu.software).training, causal: objective === 'autoregressive' };
    return EngineTrainer.create(gpu.device, config, batch, adam, state, options);
  }
  if (simd) return SimdTrainer.create(config, batch, adam, state);
  const { ReferenceTrainer } = await import('../igpt/reference-trainer.ts');
  return new ReferenceTrainer(config, batch, adam, state);
}
