/** The SIMD kernels on WebAssembly. */
import type { Compute } from '../compute/compute.ts';
import { precisionProblem } from '../compute/compute.ts';
import { readableBytes } from '../compute/readable-bytes.ts';
import { parameterCount } from '../igpt/config.ts';
import { cacheBytes } from '../igpt/memory.ts';
import { SimdDecoder } from './decoder.ts';
import { SimdFeatures } from './features.ts';
import { SimdScorer } from './scorer.ts';
import { measureSimd } from './speed.ts';
import { SimdTrainer } from './trainer.ts';

/** Few positions a pass: the calls that wait for it wait less, and more are no faster. */
const PASS_ROWS = 256;
/** Bytes that 32-bit addresses reach. */
const REACH = 2 ** 32;

/** Needs an engine with SIMD, and setKernels() before. */
export function simdCompute(): Compute {
  let peak: Promise<number> | undefined;
  const compute: Compute = {
    name: 'wasm',
    adapter: 'WebAssembly SIMD',
    precisions: ['f32'],
    decodesHalves: false,
    passRows: PASS_ROWS,
    peak: () => {
      peak ??= measureSimd().then(({ training }) => training);
      return peak;
    },
    refusal: (config) => {
      const bytes = 4 * parameterCount(config) + 2 * cacheBytes(config);
      if (bytes <= REACH) return undefined;
      return `This model takes ${readableBytes(bytes)}, but WebAssembly reaches only ${readableBytes(REACH)}.`;
    },
    hasRoom: async () => true,

    openModel: async (config, weights) => ({
      decoder: (pictures) => SimdDecoder.create(config, weights, pictures),
      dispose: () => {},
    }),
    scorer: (config, weights, max) => SimdScorer.create(config, weights, max),
    features: (config, weights, objective, max) => SimdFeatures.create(config, weights, max, objective),

    trainer: async (config, { batch, adam, generative, precision }, state) => {
      const problem = precisionProblem(compute, precision);
      if (problem) throw new RangeError(problem);
      return SimdTrainer.create(config, batch, adam, state, generative);
    },
    trainerBytes: async (config, { batch }) => {
      const bytes = await SimdTrainer.bytesFor(config, batch);
      if (bytes < REACH) return bytes;
      throw new RangeError(`${readableBytes(bytes)} are needed, but WebAssembly reaches only ${readableBytes(REACH)}.`);
    },
  };
  return compute;
}
