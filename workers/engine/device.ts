/**
 * One GPUDevice of our own, shared by tfjs's WebGPU backend and the engine. tfjs alone would never ask for f16,
 * subgroups or larger buffers, and would not hear of a lost device.
 */
import { type AdapterInfo, adapterInfo, adapterName, isSoftware } from '../contract.ts';
import { measureLateness } from './read-back.ts';

export interface OpenDevice {
  device: GPUDevice;
  info: AdapterInfo;
  /** The adapter runs on the CPU (SwiftShader, lavapipe, WARP), or is unnamed and as slow. */
  software: boolean;
  features: string[];
  limits: Record<string, number>;
}

const FEATURES: GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

/**
 * Limits to raise to the adapter's own. `min` is what the kernels of the engine and of tfjs need,
 * the larger of the two: WebGPU guarantees it, except in compatibility mode.
 */
const LIMITS = [
  { name: 'maxBufferSize', min: 2 ** 28, what: 'bytes in a buffer' },
  { name: 'maxStorageBufferBindingSize', min: 2 ** 27, what: 'bytes in a buffer that a kernel reads' },
  { name: 'maxComputeWorkgroupStorageSize', min: 2 ** 14, what: 'bytes that a workgroup shares' },
  // The engine's workgroups have at most 128 threads, tfjs's 256.
  { name: 'maxComputeInvocationsPerWorkgroup', min: 256, what: 'threads in a workgroup' },
  { name: 'maxComputeWorkgroupSizeX', min: 256, what: 'threads in a row of a workgroup' },
  { name: 'maxStorageBuffersPerShaderStage', min: 8, what: 'buffers in a kernel' },
] as const;

/**
 * Opens the fastest adapter, with those of the features above that it has and its highest limits.
 * An adapter in compatibility mode, as old phones have it, serves if there is no other and its limits
 * suffice. Returns a plain sentence instead if no adapter serves.
 */
export async function openDevice(gpu: GPU | undefined): Promise<OpenDevice | { missing: string }> {
  if (!gpu) return { missing: 'This browser has no WebGPU.' };
  const options = { powerPreference: 'high-performance' } as const;
  const core = await gpu.requestAdapter(options);
  const adapter = core ?? (await gpu.requestAdapter({ ...options, featureLevel: 'compatibility' }));
  if (!adapter) return { missing: 'This browser has WebGPU but found no graphics adapter.' };
  const info = adapterInfo(adapter);
  const lacking = LIMITS.find(({ name, min }) => adapter.limits[name] < min);
  if (lacking) {
    const { name, min, what } = lacking;
    const mode = core ? '' : ' in compatibility mode only,';
    const max = `at most ${adapter.limits[name]} ${what} on ${adapterName(info)}`;
    return { missing: `WebGPU is there${mode} with ${max}: ${min} are needed.` };
  }
  const requiredFeatures = FEATURES.filter((f) => adapter.features.has(f));
  const limits = Object.fromEntries(LIMITS.map(({ name }) => [name, adapter.limits[name]]));
  const device = await adapter.requestDevice({ requiredFeatures, requiredLimits: limits });
  await measureLateness(device);
  return { device, info, software: isSoftware(info) ?? (await isSlow(device)), features: requiredFeatures, limits };
}

/** An unnamed adapter below this rate, in FLOP/s, counts as software: lavapipe has 15e9 on two cores. */
const SLOW = 50e9;

async function isSlow(device: GPUDevice): Promise<boolean> {
  // Imported here only, because they bring the engine's shaders along.
  const [{ measureEngine }, { SOFTWARE_TUNING }] = await Promise.all([import('./speed.ts'), import('./tuning.ts')]);
  const { training } = await measureEngine(device, SOFTWARE_TUNING);
  return training < SLOW;
}
