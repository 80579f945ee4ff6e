/**
 * One GPUDevice of our own, shared by tfjs's WebGPU backend and the engine. tfjs alone would never ask for f16,
 * subgroups or larger buffers, and would not hear of a lost device.
 */
import { learnLateness } from './read-back.ts';

export interface OpenDevice {
  device: GPUDevice;
  info: GPUAdapterInfo;
  /** The adapter runs on the CPU (SwiftShader, lavapipe, WARP). */
  software: boolean;
  features: string[];
  limits: Record<string, number>;
}

const FEATURES: GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxStorageBuffersPerShaderStage',
] as const;

/**
 * Opens the fastest adapter with every feature and limit of the lists above that it has.
 * Gives a plain sentence instead when there is none.
 */
export async function openDevice(gpu: GPU | undefined): Promise<OpenDevice | { missing: string }> {
  if (!gpu) return { missing: 'This browser has no WebGPU.' };
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return { missing: 'This browser has WebGPU but found no graphics adapter.' };
  const requiredFeatures = FEATURES.filter((f) => adapter.features.has(f));
  const limits = Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]]));
  const device = await adapter.requestDevice({ requiredFeatures, requiredLimits: limits });
  await learnLateness(device);
  return { device, info: adapter.info, software: isSoftware(adapter.info), features: requiredFeatures, limits };
}

/** The name people know an adapter by. */
export function adapterName(info: GPUAdapterInfo): string {
  return info.description || [info.vendor, info.architecture].filter(Boolean).join(' ') || 'an unnamed adapter';
}

function isSoftware(info: GPUAdapterInfo): boolean {
  if (info.isFallbackAdapter) return true;
  const words = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
  return /swiftshader|llvmpipe|lavapipe|warp|basic render/i.test(words);
}
