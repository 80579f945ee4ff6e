/**
 * One GPUDevice of our own, shared by tfjs's WebGPU backend and the engine. tfjs alone would never ask for f16,
 * subgroups or larger buffers, and would not hear of a lost device.
 */
import { type AdapterInfo, adapterInfo, adapterName, isSoftware } from '../contract.ts';
import { learnLateness } from './read-back.ts';

export interface OpenDevice {
  device: GPUDevice;
  info: AdapterInfo;
  /** The adapter runs on the CPU (SwiftShader, lavapipe, WARP), or hides what it is and is as slow. */
  software: boolean;
  features: string[];
  limits: Record<string, number>;
}

const FEATURES: GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

/**
 * Limits to raise as far as they go. `least` is what the engine's kernels and tfjs's need, the larger of the two: WebGPU
 * has it everywhere but in compatibility mode.
 */
const LIMITS = [
  { name: 'maxBufferSize', least: 2 ** 28, what: 'bytes in a buffer' },
  { name: 'maxStorageBufferBindingSize', least: 2 ** 27, what: 'bytes in a buffer that a kernel reads' },
  { name: 'maxComputeWorkgroupStorageSize', least: 2 ** 14, what: 'bytes that a workgroup shares' },
  // Ours have at most 128 threads, tfjs's 256.
  { name: 'maxComputeInvocationsPerWorkgroup', least: 256, what: 'threads in a workgroup' },
  { name: 'maxComputeWorkgroupSizeX', least: 256, what: 'threads in a row of a workgroup' },
  { name: 'maxStorageBuffersPerShaderStage', least: 8, what: 'buffers in a kernel' },
] as const;

/**
 * Opens the fastest adapter with every feature and limit of the lists above that it has; one in compatibility mode, as old
 * phones have it, where there is no other and it can do what is needed. Gives a plain sentence instead when there is none.
 */
export async function openDevice(gpu: GPU | undefined): Promise<OpenDevice | { missing: string }> {
  if (!gpu) return { missing: 'This browser has no WebGPU.' };
  const options = { powerPreference: 'high-performance' } as const;
  const core = await gpu.requestAdapter(options);
  const adapter = core ?? (await gpu.requestAdapter({ ...options, featureLevel: 'compatibility' }));
  if (!adapter) return { missing: 'This browser has WebGPU but found no graphics adapter.' };
  const info = adapterInfo(adapter);
  const lacking = LIMITS.find(({ name, least }) => adapter.limits[name] < least);
  if (lacking) {
    const { name, least, what } = lacking;
    const mode = core ? '' : ' in compatibility mode only,';
    const most = `at most ${adapter.limits[name]} ${what} on ${adapterName(info)}`;
    return { missing: `WebGPU is there${mode} with ${most}: ${least} are needed.` };
  }
  const requiredFeatures = FEATURES.filter((f) => adapter.features.has(f));
  const limits = Object.fromEntries(LIMITS.map(({ name }) => [name, adapter.limits[name]]));
  const device = await adapter.requestDevice({ requiredFeatures, requiredLimits: limits });
  await learnLateness(device);
  return { device, info, software: isSoftware(info) ?? (await isSlow(device)), features: requiredFeatures, limits };
}

/** Below it, in operations a second, an adapter that hides what it is counts as software: lavapipe makes 15e9 on two cores. */
const SLOW = 50e9;

async function isSlow(device: GPUDevice): Promise<boolean> {
  // Only here, for they bring the engine's shaders along.
  const [{ measureEngine }, { SOFTWARE_TUNING }] = await Promise.all([import('./speed.ts'), import('./tuning.ts')]);
  const { training } = await measureEngine(device, SOFTWARE_TUNING);
  return training < SLOW;
}
