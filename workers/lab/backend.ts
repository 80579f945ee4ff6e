/**
 * Puts tfjs on the best backend of this device, or on the one asked for, and says which and why. A software adapter
 * counts as no GPU: there WebAssembly is many times faster.
 */

import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import type { BackendName, DeviceReport } from '../contract.ts';
import { adapterName, type OpenDevice, openDevice } from '../engine/device.ts';
import { BadInput } from '../errors.ts';
import { type KernelFiles, setKernels } from '../simd/kernels.ts';

export interface Backend {
  report: DeviceReport;
  /** The device under tfjs when it runs on WebGPU, for the engine. */
  gpu?: OpenDevice;
  /** tfjs runs on WebAssembly and the SIMD kernels can be had, for workers/simd. */
  simd?: boolean;
}

/** What differs between a browser and Node. */
export interface Platform {
  gpu: GPU | undefined;
  /** Addresses of tfjs's WebAssembly files by their names, or the folder that has them. */
  wasm: Parameters<typeof setWasmPaths>[0];
  /** Our own WebAssembly kernels; without them the reference serves WebAssembly. */
  kernels?: KernelFiles;
}

/**
 * Starts the backend and makes it tfjs's current one. onLost hears one sentence when a GPU is lost or reports an error
 * after which its results cannot be trusted. Throws BadInput when the wished-for backend does not exist here.
 */
export async function startBackend(
  platform: Platform,
  wish: BackendName | 'auto',
  onLost: (message: string) => void,
): Promise<Backend> {
  if (wish === 'auto') return startBest(platform, onLost);
  const why = `You asked for ${NAMES[wish]}.`;
  if (wish === 'webgpu') {
    const open = await openDevice(platform.gpu);
    if ('missing' in open) throw new BadInput(open.missing);
    return startWebGPU(open, open.software ? `${why} The adapter is software, so this is slow.` : why, onLost);
  }
  return startPlain(platform, wish, why, false);
}

async function startBest(platform: Platform, onLost: (message: string) => void): Promise<Backend> {
  const open = await openDevice(platform.gpu).catch((e: Error) => ({ missing: `WebGPU failed: ${e.message}` }));
  const hardware = 'missing' in open ? undefined : open;
  if (hardware && !hardware.software) return startWebGPU(hardware, 'WebGPU is the fastest way here.', onLost);
  hardware?.device.destroy();
  const why =
    'missing' in open
      ? open.missing
      : `The only WebGPU adapter (${adapterName(open.info)}) runs on the processor, where WebAssembly is faster.`;
  try {
    return await startPlain(platform, 'wasm', why, hardware !== undefined);
  } catch (error) {
    const failure = `WebAssembly did not start: ${(error as Error).message}`;
    return startPlain(platform, 'webgl', `${why} ${failure}`, hardware !== undefined);
  }
}

const NAMES = { webgpu: 'WebGPU', wasm: 'WebAssembly', webgl: 'WebGL', cpu: 'plain JavaScript' };

async function startWebGPU(open: OpenDevice, reason: string, onLost: (message: string) => void): Promise<Backend> {
  const { device, info, software, features, limits } = open;
  device.lost.then(({ reason: how, message }) => {
    if (how !== 'destroyed') onLost(`The graphics device was lost: ${message}`);
  });
  device.addEventListener('uncapturederror', (event) => onLost(`The graphics device failed: ${event.error.message}`));
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, info as never), 3);
  await use('webgpu');
  const report = { backend: 'webgpu' as const, adapter: adapterName(info), reason, software, features, limits };
  return { report, gpu: open };
}

async function startPlain(
  platform: Platform,
  backend: Exclude<BackendName, 'webgpu'>,
  reason: string,
  software: boolean,
): Promise<Backend> {
  if (backend === 'wasm') {
    setWasmPaths(platform.wasm);
    // tfjs starts its threads from the source text of a function, which no bundler leaves whole.
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    if (platform.kernels) setKernels(platform.kernels);
  }
  if (backend === 'webgl') await import('@tensorflow/tfjs-backend-webgl');
  if (backend === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  await use(backend);
  const report = { backend, adapter: await plainAdapter(backend), reason, software, features: [], limits: {} };
  return { report, simd: backend === 'wasm' && platform.kernels !== undefined };
}

async function plainAdapter(backend: Exclude<BackendName, 'webgpu'>): Promise<string> {
  if (backend !== 'wasm') return NAMES[backend];
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return `WebAssembly${simd ? ' SIMD' : ''}`;
}

/** tf.setBackend answers false on failure and leaves the ops on another backend. */
async function use(backend: BackendName): Promise<void> {
  if (!(await tf.setBackend(backend)) || tf.getBackend() !== backend) {
    throw new BadInput(`${NAMES[backend]} did not start on this device.`);
  }
  await tf.ready();
}
