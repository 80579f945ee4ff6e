/** Our engine, with the tuning that the product would choose on this device. */
import { EngineDecoder } from '../../workers/engine/decoder.ts';
import type { OpenDevice } from '../../workers/engine/device.ts';
import { Parameters } from '../../workers/engine/parameters.ts';
import { EngineTrainer } from '../../workers/engine/trainer.ts';
import { tuningFor } from '../../workers/engine/tuning.ts';
import { ADAMW } from '../../workers/igpt/optimizer.ts';
import { freshState } from '../../workers/igpt/trainer.ts';
import { type Workload, weightsOf } from '../workload.ts';

export function engineTrainer({ device, software }: OpenDevice, { config, batch }: Workload): Promise<EngineTrainer> {
  const tuning = tuningFor(software).training;
  return EngineTrainer.create(device, config, batch, ADAMW, freshState(weightsOf(config)), { tuning });
}

export async function engineDecoder({ device, software }: OpenDevice, workload: Workload) {
  const parameters = new Parameters(device, workload.config, weightsOf(workload.config));
  return EngineDecoder.create(device, parameters, workload.variants, tuningFor(software).decoding);
}
