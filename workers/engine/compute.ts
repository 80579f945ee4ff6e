/** The engine on one GPU. The trainer and the passes are loaded when they are first wanted. */
import * as v from 'valibot';
import {
  alsoDisposing,
  type Compute,
  type DecodingModel,
  type Memory,
  precisionProblem,
  type TrainerOptions,
} from '../compute/compute.ts';
import { readableBytes } from '../compute/readable-bytes.ts';
import { adapterName } from '../contract.ts';
import { BadInput } from '../errors.ts';
import { type Config, parameterCount, type Weights } from '../igpt/config.ts';
import { EngineDecoder } from './decoder.ts';
import type { OpenDevice } from './device.ts';
import type { TrainingTuning } from './forward-plan.ts';
import { HalfParameters } from './half-parameters.ts';
import { Parameters } from './parameters.ts';
import { hasRoom, ifRoom } from './room.ts';
import type { EngineTrainerOptions } from './trainer.ts';
import { tuningFor } from './tuning.ts';

/** Positions of a pass that fill a GPU. */
const PASS_ROWS = 8192;
/** Rises when the measurement of the peak changes so much that old ones mislead. */
const PEAK_VERSION = 2;
/** A software adapter is slow enough to be measured on a short product. */
const SOFTWARE_PEAK_MS = 20;

const NO_MEMORY =
  'There is not enough graphics memory for this model: close what else uses the graphics card, or choose WASM behind the device badge.';
const NO_MEMORY_FOR_PICTURES =
  'There is not enough graphics memory for so many pictures at once: take fewer variants, or turn look-ahead off.';
const NO_MEMORY_FOR_RUN =
  'There is not enough graphics memory for this run: take smaller batches, or pass them in parts.';

const positive = v.pipe(v.number(), v.gtValue(0));

/** @param memory keeps the measured peak and the fastest tiles */
export function engineCompute(gpu: OpenDevice, memory?: Memory): Compute {
  const { device, info, software, features } = gpu;
  const adapter = adapterName(info);
  const hasHalves = features.includes('shader-f16');
  // An adapter on the processor gains nothing by them.
  const decodesHalves = hasHalves && !software;
  const { maxBufferSize } = device.limits;

  /** Opens a pass with a copy of the weights; a smaller batch where the memory lacks for a larger one. */
  async function openPass<P extends { dispose(): void }>(
    config: Config,
    weights: Weights,
    max: number,
    open: (parameters: Parameters, batch: number, tuning: TrainingTuning) => Promise<P>,
  ): Promise<P> {
    const { trainingTuning } = await import('./training-tuning.ts');
    const tuning = await trainingTuning(gpu, config.n_embd, max * config.n_positions, memory);
    const parameters = await ifRoom(device, async () => new Parameters(device, config, weights));
    if (!parameters) throw new BadInput(NO_MEMORY);
    try {
      for (let batch = max; batch >= 1; batch >>= 1) {
        const pass = await ifRoom(device, () => open(parameters, batch, tuning));
        if (pass) return alsoDisposing(pass, () => parameters.dispose());
      }
      throw new BadInput(NO_MEMORY);
    } catch (error) {
      parameters.dispose();
      throw error;
    }
  }

  const compute: Compute = {
    name: 'webgpu',
    adapter,
    precisions: hasHalves ? ['f32', 'f16'] : ['f32'],
    decodesHalves,
    passRows: PASS_ROWS,

    peak: async () => {
      const key = `peak ${PEAK_VERSION} ${adapter}`;
      const kept = v.safeParse(positive, await memory?.get(key).catch(() => undefined));
      if (kept.success) return kept.output;
      const [{ measuredPeak }, { TILES }] = await Promise.all([import('./peak.ts'), import('./kernels/matmul.ts')]);
      const tiles = software ? [tuningFor(true).training.tiles.nn] : TILES;
      const { flops } = await measuredPeak(device, tiles, software ? SOFTWARE_PEAK_MS : undefined);
      await memory?.set(key, flops).catch(() => undefined);
      return flops;
    },

    refusal: (config) => {
      const weights = 4 * parameterCount(config);
      if (weights <= maxBufferSize) return undefined;
      return `The weights of this model take ${readableBytes(weights)}, but a buffer of this device holds ${readableBytes(maxBufferSize)}.`;
    },

    hasRoom: (bytes) => hasRoom(device, bytes),

    openModel: async (config, weights) => {
      const parameters = await ifRoom<Parameters | HalfParameters>(device, async () => {
        const whole = new Parameters(device, config, weights);
        if (!decodesHalves) return whole;
        const half = await HalfParameters.of(device, whole);
        whole.dispose();
        return half;
      });
      if (!parameters) throw new BadInput(NO_MEMORY);
      return {
        decoder: async (pictures) => {
          const { decoding } = tuningFor(software);
          const decoder = await ifRoom(device, () => EngineDecoder.create(device, parameters, pictures, decoding));
          if (decoder) return decoder;
          throw new BadInput(pictures > 1 ? NO_MEMORY_FOR_PICTURES : NO_MEMORY);
        },
        dispose: () => parameters.dispose(),
      } satisfies DecodingModel;
    },

    scorer: (config, weights, max) =>
      openPass(config, weights, max, async (parameters, batch, tuning) => {
        const { EngineScorer } = await import('./scorer.ts');
        return EngineScorer.create(device, parameters, batch, tuning);
      }),

    features: (config, weights, objective, max) =>
      openPass(config, weights, max, async (parameters, batch, tuning) => {
        const { EngineFeatures } = await import('./features.ts');
        return EngineFeatures.create(device, parameters, batch, objective, tuning);
      }),

    trainer: async (config, options, state, max = Number.POSITIVE_INFINITY) => {
      const problem = precisionProblem(compute, options.precision);
      if (problem) throw new RangeError(problem);
      const { adam, batch, precision } = options;
      const { trainingTuning } = await import('./training-tuning.ts');
      const { EngineTrainer } = await import('./trainer.ts');
      const rows = batch * config.n_positions;
      const tuning = await trainingTuning(gpu, config.n_embd, rows, memory, precision === 'f16');
      const own = { ...engineOptions(options, tuning), decoding: tuningFor(software).decoding };
      // Activations that are computed a second time need not be kept: slower, and a third of the memory.
      const bytes = await EngineTrainer.bytesFor(device, config, batch, own);
      const recompute = bytes > max || !(await hasRoom(device, bytes));
      const make = () => EngineTrainer.create(device, config, batch, adam, state, { ...own, recompute });
      const trainer = await ifRoom(device, make);
      if (!trainer) throw new BadInput(NO_MEMORY_FOR_RUN);
      return trainer;
    },

    trainerBytes: async (config, options, least = false) => {
      const problem = precisionProblem(compute, options.precision);
      if (problem) throw new RangeError(problem);
      const weights = 4 * parameterCount(config);
      if (weights > maxBufferSize) {
        throw new RangeError(
          `The weights need ${readableBytes(weights)}, but a buffer of this device holds ${readableBytes(maxBufferSize)}.`,
        );
      }
      const { EngineTrainer } = await import('./trainer.ts');
      const own = engineOptions(options, tuningFor(software).training);
      return EngineTrainer.bytesFor(device, config, options.batch, { ...own, recompute: least });
    },
  };
  return compute;
}

const engineOptions = (
  { objective, parts, generative, precision }: TrainerOptions,
  tuning: TrainingTuning,
): EngineTrainerOptions => ({
  tuning,
  causal: objective === 'autoregressive',
  parts,
  half: precision === 'f16',
  generative,
});
