/** Our WebAssembly module; page/worker.ts has told it where its kernels are. */
import { ADAMW } from '../../workers/igpt/optimizer.ts';
import { freshState } from '../../workers/igpt/trainer.ts';
import { SimdDecoder } from '../../workers/simd/decoder.ts';
import { SimdTrainer } from '../../workers/simd/trainer.ts';
import { type Workload, weightsOf } from '../workload.ts';

export function simdTrainer({ config, batch }: Workload): Promise<SimdTrainer> {
  return SimdTrainer.create(config, batch, ADAMW, freshState(weightsOf(config)));
}

export function simdDecoder({ config, variants }: Workload): Promise<SimdDecoder> {
  return SimdDecoder.create(config, weightsOf(config), variants);
}
