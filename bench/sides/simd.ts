/** Our own WebAssembly module, where the project has it: without, ours on WebAssembly is the reference on tfjs. */

import type { Config } from '../../workers/igpt/config.ts';
import { ADAMW, type AdamW } from '../../workers/igpt/optimizer.ts';
import { freshState, type Trainer, type TrainerState } from '../../workers/igpt/trainer.ts';
import { type Workload, weightsOf } from '../workload.ts';
import type { Decode } from './decoder.ts';

interface SimdModule {
  SimdTrainer: { create(config: Config, batch: number, adam: AdamW, state: TrainerState): Promise<Trainer> };
}

const found = import.meta.glob<SimdModule>('../../workers/simd/trainer.ts');

export function simdTrainer(): ((workload: Workload) => Promise<Trainer>) | undefined {
  const [load] = Object.values(found);
  if (!load) return undefined;
  return async ({ config, batch }) =>
    (await load()).SimdTrainer.create(config, batch, ADAMW, freshState(weightsOf(config)));
}

/** Not there yet. */
export function simdDecoder(): ((workload: Workload) => Promise<Decode>) | undefined {
  return undefined;
}
