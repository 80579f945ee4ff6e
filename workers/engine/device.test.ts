import { afterEach, expect, it, vi } from 'vitest';
import { UNKNOWN } from '../contract.ts';
import type { Config } from '../igpt/config.ts';
import { autoregressive } from '../igpt/objectives.ts';
import { ADAMW } from '../igpt/optimizer.ts';
import { randomWeights } from '../igpt/testing.ts';
import { freshState } from '../igpt/trainer.ts';
import { dawnGpu } from './dawn.ts';
import { EngineDecoder } from './decoder.ts';
import { type OpenDevice, openDevice } from './device.ts';
import { dryDevice } from './dry-device.ts';
import { gpuTest } from './kernels/testing.ts';
import { Parameters } from './parameters.ts';
import * as speed from './speed.ts';
import { EngineTrainer } from './trainer.ts';
import { GPU_TUNING, SOFTWARE_TUNING } from './tuning.ts';

/** The limits that WebGPU guarantees. */
const CORE = {
  maxBufferSize: 2 ** 28,
  maxStorageBufferBindingSize: 2 ** 27,
  maxComputeWorkgroupStorageSize: 2 ** 14,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupsPerDimension: 65535,
  maxStorageBuffersPerShaderStage: 8,
};
/** The limits that its compatibility mode guarantees. */
const COMPATIBILITY = { ...CORE, maxComputeInvocationsPerWorkgroup: 128, maxComputeWorkgroupSizeX: 128 };
const named = { vendor: 'arm', architecture: 'midgard' };

/** A browser with an adapter for each feature level that is given. */
function browser(adapters: { core?: object; compatibility?: object }): GPU {
  const adapter = (parts: object | undefined) => parts && { features: new Set(), requestDevice, ...parts };
  const requestDevice = async ({ requiredLimits }: { requiredLimits: typeof CORE }) =>
    dryDevice({ limits: { ...CORE, ...requiredLimits }, features: new Set() });
  return {
    requestAdapter: async ({ featureLevel = 'core' }: GPURequestAdapterOptions = {}) =>
      adapter(adapters[featureLevel as keyof typeof adapters]) ?? null,
  } as unknown as GPU;
}

it('an adapter in compatibility mode is opened where there is no other', async () => {
  const limits = { ...COMPATIBILITY, maxComputeInvocationsPerWorkgroup: 1024, maxComputeWorkgroupSizeX: 1024 };
  const found = (await openDevice(browser({ compatibility: { info: named, limits } }))) as OpenDevice;
  expect(found.device.limits.maxComputeInvocationsPerWorkgroup).toBe(1024);
  expect(found.limits.maxComputeWorkgroupSizeX).toBe(1024);
});

it('an adapter with limits too low is refused with a sentence that names the limit', async () => {
  expect(await openDevice(browser({ compatibility: { info: named, limits: COMPATIBILITY } }))).toEqual({
    missing:
      'WebGPU is there in compatibility mode only, with at most 128 threads in a workgroup on arm midgard: 256 are needed.',
  });
  expect(
    await openDevice(browser({ core: { info: {}, limits: { ...CORE, maxStorageBuffersPerShaderStage: 4 } } })),
  ).toEqual({ missing: 'WebGPU is there with at most 4 buffers in a kernel on an unnamed adapter: 8 are needed.' });
});

it('the whole of WebGPU comes before compatibility mode', async () => {
  const core = { info: { description: 'whole' }, limits: CORE };
  const found = await openDevice(browser({ core, compatibility: { info: named, limits: COMPATIBILITY } }));
  expect((found as OpenDevice).info.description).toBe('whole');
});

it('a browser without any adapter says so', async () => {
  expect(await openDevice(browser({}))).toEqual({
    missing: 'This browser has WebGPU but found no graphics adapter.',
  });
});

afterEach(() => vi.restoreAllMocks());

it.each([
  ['slow', 15e9, true],
  ['fast', 1e12, false],
])('the speed of an unnamed adapter decides whether it counts as software: a %s one', async (_, training, software) => {
  const measured = vi.spyOn(speed, 'measureEngine').mockResolvedValue({ training, decoding: 1e9 });
  for (const info of [undefined, { vendor: '', isFallbackAdapter: false }]) {
    const found = (await openDevice(browser({ core: { info, limits: CORE } }))) as OpenDevice;
    expect(found.software).toBe(software);
  }
  expect(measured).toHaveBeenCalledTimes(2);
});

it('an adapter that reports what it is needs no measurement', async () => {
  const measured = vi.spyOn(speed, 'measureEngine');
  const open = async (info: object) => (await openDevice(browser({ core: { info, limits: CORE } }))) as OpenDevice;
  expect((await open({ isFallbackAdapter: true })).software).toBe(true);
  expect((await open({ vendor: 'google', architecture: 'swiftshader' })).software).toBe(true);
  expect((await open(named)).software).toBe(false);
  expect(measured).not.toHaveBeenCalled();
});

const config: Config = { n_layer: 2, n_embd: 32, n_head: 2, n_positions: 64, n_colours: 16, layer_norm_epsilon: 1e-5 };
const picture = Int16Array.from({ length: 64 }, (_, i) => (5 * i) % 16);

/** Two drawn pictures, and the losses of three steps. @throws Error if the device refuses anything */
async function outcome(device: GPUDevice): Promise<{ drawn: number[]; losses: number[] }> {
  device.pushErrorScope('validation');
  const weights = randomWeights(config, 1);
  const parameters = new Parameters(device, config, weights);
  const decoder = await EngineDecoder.create(device, parameters, 2, GPU_TUNING.decoding);
  const given = picture.map((token, i) => (i < 16 ? token : UNKNOWN));
  const sampling = { temperature: 1, topK: 0, topP: 1, seed: 3, variants: 2, lookAhead: false };
  const drawn: number[] = [];
  for await (const { tokens } of decoder.decode(given, sampling, new AbortController().signal, async () => {}))
    drawn.push(...tokens);
  const options = { tuning: SOFTWARE_TUNING.training }; // a driver on the processor compiles the other for long
  const trainer = await EngineTrainer.create(device, config, 1, ADAMW, freshState(weights), options);
  const losses: number[] = [];
  for (let i = 0; i < 3; i++) losses.push((await trainer.step(autoregressive(picture, config), 1e-3)).loss);
  for (const one of [decoder, parameters, trainer]) one.dispose();
  const error = await device.popErrorScope();
  if (error) throw new Error(error.message);
  return { drawn, losses };
}

gpuTest('in compatibility mode, with no more than is needed, the engine computes the same', async (device) => {
  const gpu = (await dawnGpu()) as GPU;
  const adapter = (await gpu.requestAdapter({ featureLevel: 'compatibility' }))!;
  // Asked for nothing beyond it, Dawn gives a device in compatibility mode on any adapter.
  const requestDevice = adapter.requestDevice.bind(adapter);
  const found = await openDevice(browser({ compatibility: { limits: CORE, info: adapter.info, requestDevice } }));
  if ('missing' in found) throw new Error(found.missing);
  const modern = 'core-features-and-limits';
  expect([device.features.has(modern), found.device.features.has(modern)]).toEqual([true, false]);
  expect(await outcome(found.device)).toEqual(await outcome(device));
  found.device.destroy();
});
