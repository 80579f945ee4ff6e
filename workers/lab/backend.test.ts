/**
 * What the report names is what computes: for every way in which GPU and WebAssembly can share the work, whose code runs is
 * seen by the calls that it gets. The GPU is one on which everything is made and nothing runs, so that no machine lacks it.
 */
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { simdKernels } from '../../tools/simd-kernels.ts';
import { type BackendName, type CompletionUpdate, type Sampling, UNKNOWN, USUAL_RECIPE } from '../contract.ts';
import { EngineDecoder } from '../engine/decoder.ts';
import { dryDevice } from '../engine/dry-device.ts';
import { EngineFeatures } from '../engine/features.ts';
import { EngineScorer } from '../engine/scorer.ts';
import { EngineTrainer } from '../engine/trainer.ts';
import type { Config } from '../igpt/config.ts';
import { autoregressive } from '../igpt/objectives.ts';
import { ImageGPT } from '../igpt/reference.ts';
import { ReferenceFeatures } from '../igpt/reference-features.ts';
import { ReferenceScorer } from '../igpt/reference-scorer.ts';
import { ReferenceTrainer } from '../igpt/reference-trainer.ts';
import { randomWeights } from '../igpt/testing.ts';
import { freshState } from '../igpt/trainer.ts';
import { SimdDecoder } from '../simd/decoder.ts';
import { SimdFeatures } from '../simd/features.ts';
import { SimdScorer } from '../simd/scorer.ts';
import { SimdTrainer } from '../simd/trainer.ts';
import { type Backend, type Platform, startBackend } from './backend.ts';
import { Decoding } from './decoding.ts';
import { openFeatures, openScorer } from './passes.ts';
import { Sampler } from './train/sampler.ts';
import { optionsOf } from './train/trainer-options.ts';

type By = 'engine' | 'simd' | 'reference';

const wasm = fileURLToPath(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')));
const kernels = await simdKernels();

const config: Config = { n_layer: 1, n_embd: 16, n_head: 2, n_positions: 16, n_colours: 12, layer_norm_epsilon: 1e-5 };
const picture = Int16Array.from({ length: 16 }, (_, i) => (5 * i) % 12);
const sampling: Sampling = { temperature: 1, topK: 0, topP: 1, seed: 7, variants: 2, lookAhead: false };
const recipe = { ...USUAL_RECIPE, batch: 2 };

const limits = {
  maxBufferSize: 2 ** 31,
  maxStorageBufferBindingSize: 2 ** 31 - 4,
  maxComputeWorkgroupStorageSize: 32768,
  maxComputeInvocationsPerWorkgroup: 1024,
  maxComputeWorkgroupSizeX: 1024,
  maxComputeWorkgroupsPerDimension: 65535,
  maxStorageBuffersPerShaderStage: 10,
};
const device = Object.assign(dryDevice({ limits, features: new Set() }), {
  lost: new Promise(() => {}),
  addEventListener: () => {},
  pushErrorScope: () => {},
  popErrorScope: async () => null,
  destroy: () => {},
});
const info = { vendor: 'v', architecture: 'a', device: '', description: 'A GPU' };
const adapter = { features: new Set(), limits, info, requestDevice: async () => device };
const gpu = { requestAdapter: async () => adapter } as unknown as GPU;
/** WebGPU's constants: as far as they are used, it does not matter what they are. */
const anyFlag = new Proxy({}, { get: () => 0 });

const noRows = {
  next: async () => ({ done: true, value: 0 }),
  [Symbol.asyncIterator]: () => noRows,
} as unknown as AsyncGenerator<CompletionUpdate, number>;

/** What each way of computing calls for each kind of work, and no other does. On the GPU nothing comes of it. */
const CALLS = {
  decoder: {
    engine: () => vi.spyOn(EngineDecoder.prototype, 'decode').mockReturnValue(noRows),
    simd: () => vi.spyOn(SimdDecoder.prototype, 'decode'),
    reference: () => vi.spyOn(ImageGPT.prototype, 'extend'),
  },
  scorer: {
    engine: () => vi.spyOn(EngineScorer.prototype, 'of').mockResolvedValue(new Float32Array(16)),
    simd: () => vi.spyOn(SimdScorer.prototype, 'of'),
    reference: () => vi.spyOn(ReferenceScorer.prototype, 'of'),
  },
  features: {
    engine: () => vi.spyOn(EngineFeatures.prototype, 'of').mockResolvedValue(new Float32Array(32)),
    simd: () => vi.spyOn(SimdFeatures.prototype, 'of'),
    reference: () => vi.spyOn(ReferenceFeatures.prototype, 'of'),
  },
  trainer: {
    engine: () => vi.spyOn(EngineTrainer.prototype, 'step').mockResolvedValue({ loss: 1, gradientNorm: 1 }),
    simd: () => vi.spyOn(SimdTrainer.prototype, 'step'),
    reference: () => vi.spyOn(ReferenceTrainer.prototype, 'step'),
  },
};

/** Whose code ran while the work was done. */
async function computedBy(kind: keyof typeof CALLS, work: () => Promise<void>): Promise<By[]> {
  const spies = Object.entries(CALLS[kind]).map(([by, spy]) => ({ by: by as By, spy: spy() }));
  await work();
  const ran = spies.filter(({ spy }) => spy.mock.calls.length > 0).map(({ by }) => by);
  for (const { spy } of spies) spy.mockRestore();
  return ran;
}

async function everyKind(backend: Backend): Promise<Record<keyof typeof CALLS | 'sampler', By[]>> {
  const weights = randomWeights(config, 3);
  const decoding = new Decoding({ config, weights }, backend.decoding);
  const decoder = await computedBy('decoder', async () => {
    const rows = decoding.decode(new Int16Array(16).fill(UNKNOWN), sampling, new AbortController().signal);
    while (!(await rows.next()).done);
  });
  decoding.dispose();
  const scorer = await computedBy('scorer', async () => {
    const opened = await openScorer(backend, config, weights);
    await opened.of(picture);
    opened.dispose();
  });
  const features = await computedBy('features', async () => {
    const opened = await openFeatures(backend, config, weights, 'autoregressive');
    await opened.of(picture);
    opened.dispose();
  });
  const opened = await backend.training.trainer(config, optionsOf(recipe), freshState(weights));
  const trainer = await computedBy('trainer', async () => {
    await opened.step(autoregressive(Int16Array.of(...picture, ...picture), config), 1e-3);
  });
  const sampler = await computedBy('decoder', async () => {
    const drawing = new Sampler(config, opened, recipe);
    await drawing.draw((job) => job());
    drawing.dispose();
  });
  opened.dispose();
  return { decoder, scorer, features, trainer, sampler };
}

/** Remembers these speeds, [decoding, training], as they were where there was SIMD, and which tiles are fast. */
function platform(engine: number[] = [1, 1], simd: number[] = [1, 1]): Platform {
  const speed = ([decoding, training]: number[]) => ({ decoding: 1e9 * decoding, training: 1e9 * training });
  const get = async (key: string) => {
    if (key.startsWith('tiles')) return { nn: 0, nt: 0, tn: 0 };
    return { engine: speed(engine), simd: speed(key.endsWith('without SIMD') ? [0, 0] : simd) };
  };
  return { gpu, wasm, kernels, memory: { get, set: async () => {} } };
}

function hideSimd(): void {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
}

const NAMES: Partial<Record<By, BackendName>> = { engine: 'webgpu', simd: 'wasm' };

async function expectServed(backend: Backend, decoding: By, training: By, byTfjs: BackendName): Promise<void> {
  expect(await everyKind(backend)).toEqual({
    decoder: [decoding],
    scorer: [training],
    features: [training],
    trainer: [training],
    sampler: [training],
  });
  const { report } = backend;
  expect(report.backend).toBe(NAMES[decoding] ?? byTfjs);
  expect(report.training.backend).toBe(NAMES[training] ?? byTfjs);
}

beforeEach(() => {
  vi.stubGlobal('navigator', { gpu });
  for (const name of ['GPUBufferUsage', 'GPUMapMode', 'GPUShaderStage', 'GPUTextureUsage'])
    vi.stubGlobal(name, anyFlag);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const ignore = () => {};

it.each<[string, number[], number[], By, By]>([
  ['the GPU wins both', [9, 9], [1, 1], 'engine', 'engine'],
  ['the GPU wins completing alone', [9, 1], [1, 9], 'engine', 'simd'],
  ['the GPU wins training alone', [1, 9], [9, 1], 'simd', 'engine'],
  ['WebAssembly wins both', [1, 1], [9, 9], 'simd', 'simd'],
])('where %s, the winners compute and are named', async (_, engine, simd, decoding, training) => {
  await expectServed(await startBackend(platform(engine, simd), 'auto', ignore), decoding, training, 'wasm');
});

it('a GPU serves everything where WebAssembly has no SIMD, whatever was measured when it had', async () => {
  hideSimd();
  await expectServed(await startBackend(platform([1, 1], [9, 9]), 'auto', ignore), 'engine', 'engine', 'wasm');
});

it('a GPU serves everything where there are no kernels', async () => {
  await expectServed(
    await startBackend({ ...platform(), kernels: undefined }, 'auto', ignore),
    'engine',
    'engine',
    'wasm',
  );
});

it('a GPU whose limits are too low in compatibility mode leaves everything to the kernels, and the report says why', async () => {
  const little = { ...adapter, limits: { ...limits, maxComputeInvocationsPerWorkgroup: 128 } };
  const requestAdapter = async ({ featureLevel }: GPURequestAdapterOptions) =>
    featureLevel === 'compatibility' ? little : null;
  const gpu = { requestAdapter } as unknown as GPU;
  const backend = await startBackend({ ...platform(), gpu }, 'auto', ignore);
  await expectServed(backend, 'simd', 'simd', 'wasm');
  expect(backend.report.reason).toBe(
    'WebGPU is there in compatibility mode only, with at most 128 threads in a workgroup on A GPU: 256 are needed.',
  );
});

it('without a GPU the kernels serve everything', async () => {
  await expectServed(await startBackend({ ...platform(), gpu: undefined }, 'auto', ignore), 'simd', 'simd', 'wasm');
});

it('without a GPU and without SIMD the reference serves everything, in tfjs on WebAssembly', async () => {
  hideSimd();
  const backend = await startBackend({ ...platform(), gpu: undefined }, 'auto', ignore);
  await expectServed(backend, 'reference', 'reference', 'wasm');
});

it.each<[BackendName, By]>([
  ['webgpu', 'engine'],
  ['wasm', 'simd'],
  ['cpu', 'reference'],
])('%s serves everything where it is asked for', async (wish, by) => {
  await expectServed(await startBackend(platform([1, 9], [9, 1]), wish, ignore), by, by, wish);
});
