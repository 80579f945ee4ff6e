/** Which trainer trains: the engine on WebGPU, the SIMD kernels on WebAssembly, the reference elsewhere. */
import { adapterName, type Recipe } from '../contract.ts';
import { BadInput } from '../errors.ts';
import type { Config } from '../igpt/config.ts';
import type { AdamW } from '../igpt/optimizer.ts';
import type { Trainer, TrainerState } from '../igpt/trainer.ts';
import { SimdTrainer } from '../simd/trainer.ts';
import type { Backend } from './backend.ts';

/** How batches come, and what they count. */
export type Passing = Pick<Recipe, 'objective' | 'batch' | 'parts' | 'generative' | 'precision'>;

/** Why this device cannot train in f16, where that is asked for. */
export function precisionProblem(
  { report, training }: Backend,
  { precision }: Pick<Recipe, 'precision'>,
): string | undefined {
  if (precision === 'f32' || report.training.f16) return undefined;
  return training.by === 'engine'
    ? `Training in f16 needs a GPU with shader-f16, which ${adapterName(training.gpu.info)} does not have: choose f32.`
    : 'Training in f16 needs WebGPU, but here something else trains: choose f32.';
}

/**
 * Throws RangeError, before anything runs, for sizes and a precision that this device cannot train,
 * BadInput if memory lacks.
 * @param left bytes that the page may hold for the trainer
 */
export async function openTrainer(
  backend: Backend,
  config: Config,
  adam: AdamW,
  passing: Passing,
  state: TrainerState,
  left = Number.POSITIVE_INFINITY,
): Promise<Trainer> {
  const { training, memory } = backend;
  const { objective, batch, parts, generative, precision } = passing;
  const problem = precisionProblem(backend, passing);
  if (problem) throw new RangeError(problem);
  const rows = batch / parts;
  if (training.by === 'engine') {
    const { gpu } = training;
    const { EngineTrainer } = await import('../engine/trainer.ts');
    const { trainingTuning } = await import('./tiles.ts');
    const half = precision === 'f16';
    const tuning = await trainingTuning(gpu, config.n_embd, rows * config.n_positions, memory, half);
    const options = { tuning, causal: objective === 'autoregressive', parts: parts > 1, half, generative };
    // What is run a second time need not be kept: slower, and a third of the memory.
    const { hasRoom, ifRoom } = await import('../engine/room.ts');
    const bytes = await EngineTrainer.bytesFor(gpu.device, config, rows, options);
    const recompute = bytes > left || !(await hasRoom(gpu.device, bytes));
    const trainer = await ifRoom(gpu.device, () =>
      EngineTrainer.create(gpu.device, config, rows, adam, state, { ...options, recompute }),
    );
    if (trainer) return trainer;
    throw new BadInput(
      'There is not enough graphics memory for this run: take smaller batches, or pass them in parts.',
    );
  }
  if (training.by === 'simd') return SimdTrainer.create(config, rows, adam, state, generative);
  const { ReferenceTrainer } = await import('../igpt/reference-trainer.ts');
  return new ReferenceTrainer(config, rows, adam, state, generative);
}
