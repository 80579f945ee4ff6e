/**
 * Puts tfjs on the best backend of this device, or on the one asked for, and says which and why. Between WebGPU and
 * WebAssembly the choice is measured (choice.ts), for completing and for training apart.
 */

import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { Compute, Memory } from '../compute/compute.ts';
import { fallingBack } from '../compute/falling-back.ts';
import { adapterName, type BackendName, type DeviceReport } from '../contract.ts';
import { type OpenDevice, openDevice } from '../engine/device.ts';
import { BadInput } from '../errors.ts';
import { referenceCompute } from '../igpt/reference-compute.ts';
import { simdCompute } from '../simd/compute.ts';
import { hasSimd, type KernelFiles, setKernels } from '../simd/kernels.ts';
import { Budget } from './budget.ts';
import { PromptWebGPUBackend } from './prompt-webgpu.ts';

/** The choice of this device. The report is made from it, so that it names what computes. */
export interface Backend {
  report: DeviceReport;
  /** Completes pictures. */
  decoding: Compute;
  /** Trains, and passes whole pictures through a model for their scores and features. */
  training: Compute;
  /** Keeps measurements between visits. */
  memory?: Memory;
  /** What may be held in memory. */
  budget: Budget;
}

/** What differs between a browser and Node. */
export interface Platform {
  gpu: GPU | undefined;
  /** Addresses of tfjs's WebAssembly files by their names, or the folder that has them. */
  wasm: Parameters<typeof setWasmPaths>[0];
  /** Our own WebAssembly kernels; without them the reference serves WebAssembly. */
  kernels?: KernelFiles;
  /** Keeps measurements between visits. */
  memory?: Memory;
  /** What may be held in memory; no limit unless given. */
  budget?: Budget;
}

/** What was started, without what it was started with. */
type Started = Pick<Backend, 'report' | 'decoding' | 'training'>;

/**
 * Starts the backend and makes it tfjs's current one. onLost hears one sentence when a GPU is lost or reports an error
 * after which its results cannot be trusted. Throws BadInput when the wished-for backend does not exist here.
 */
export async function startBackend(
  platform: Platform,
  wish: BackendName | 'auto',
  onLost: (message: string) => void,
): Promise<Backend> {
  if (platform.kernels) setKernels(platform.kernels);
  const { memory, budget = new Budget() } = platform;
  return { ...(await startWished(platform, wish, onLost)), memory, budget };
}

async function startWished(
  platform: Platform,
  wish: BackendName | 'auto',
  onLost: (message: string) => void,
): Promise<Started> {
  if (wish === 'auto') return startBest(platform, onLost);
  const why = `You asked for ${NAMES[wish]}.`;
  if (wish === 'webgpu') {
    const open = await openDevice(platform.gpu);
    if ('missing' in open) throw new BadInput(open.missing);
    const reason = open.software ? `${why} The adapter is software, so this is slow.` : why;
    return startWebGPU(open, reason, onLost, platform.memory);
  }
  return startPlain(platform, wish, why, false);
}

async function startBest(platform: Platform, onLost: (message: string) => void): Promise<Started> {
  const open = await openDevice(platform.gpu).catch((e: Error) => ({ missing: `WebGPU failed: ${e.message}` }));
  if ('missing' in open) return startWithoutGPU(platform, open.missing, false);
  const { software } = open;
  const { memory } = platform;
  const name = adapterName(open.info);
  if (!platform.kernels) {
    if (!software) return startWebGPU(open, 'WebGPU is the fastest way here.', onLost, memory);
    open.device.destroy();
    return startWithoutGPU(platform, `The only WebGPU adapter (${name}) runs on the processor.`, true);
  }
  // Only here: it brings the engine's shaders along, which Node alone, for the command line, cannot read.
  const { comparison, speedsOf } = await import('./choice.ts');
  const speeds = await speedsOf(open, memory).catch((error: Error) => error);
  if (speeds instanceof Error) {
    open.device.destroy();
    return startWithoutGPU(platform, `WebGPU failed while it was measured: ${speeds.message}`, software);
  }
  const { engine, simd } = speeds;
  const gpuTrains = engine.training >= simd.training;
  if (engine.decoding >= simd.decoding) {
    const why = `WebGPU is the fastest way here: ${comparison(engine.decoding, simd.decoding)}, measured.`;
    const backend = await startWebGPU(open, why, onLost, memory);
    if (gpuTrains) return backend;
    const reason = `For training WebAssembly is faster: ${comparison(simd.training, engine.training)}, measured.`;
    return trainedBy(backend, fallingBack(simdCompute(), referenceCompute('webgpu', name)), reason);
  }
  const where = software
    ? `The only WebGPU adapter (${name}) runs on the processor`
    : `For single pixels ${name} is slow`;
  const why = `${where}, and WebAssembly is faster: ${comparison(simd.decoding, engine.decoding)}, measured.`;
  if (!gpuTrains) open.device.destroy();
  const backend = await startWithoutGPU(platform, why, software);
  if (!gpuTrains) return backend;
  watch(open.device, onLost);
  const reason = `For training WebGPU is faster: ${comparison(engine.training, simd.training)}, measured.`;
  const reference = referenceCompute(tf.getBackend() as BackendName, backend.report.adapter);
  return trainedBy(backend, fallingBack(await engineOn(open, memory), reference), reason);
}

/**
 * Loaded only here: the engine brings its shaders along, which Node alone, for the command line,
 * cannot read.
 */
async function engineOn(gpu: OpenDevice, memory: Memory | undefined): Promise<Compute> {
  const { engineCompute } = await import('../engine/compute.ts');
  return engineCompute(gpu, memory);
}

/** The same, but for what trains. */
function trainedBy({ report, decoding }: Started, training: Compute, reason: string): Started {
  return { report: { ...report, training: trainingReport(training, reason) }, decoding, training };
}

function trainingReport({ name, precisions }: Compute, reason: string): DeviceReport['training'] {
  return { backend: name, reason, f16: precisions.includes('f16') };
}

/** WebAssembly, or else WebGL, or else plain JavaScript, which every browser has. */
async function startWithoutGPU(platform: Platform, why: string, software: boolean): Promise<Started> {
  let reason = why;
  for (const backend of ['wasm', 'webgl'] as const) {
    try {
      return await startPlain(platform, backend, reason, software);
    } catch (error) {
      if (!(error instanceof BadInput)) console.info(error);
      reason += ` ${NAMES[backend]} did not start.`;
    }
  }
  return startPlain(platform, 'cpu', reason, software);
}

const NAMES = { webgpu: 'WebGPU', wasm: 'WebAssembly', webgl: 'WebGL', cpu: 'plain JavaScript' };

async function startWebGPU(
  gpu: OpenDevice,
  reason: string,
  onLost: (message: string) => void,
  memory: Memory | undefined,
): Promise<Started> {
  const { device, info, software, features, limits } = gpu;
  watch(device, onLost);
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new PromptWebGPUBackend(device, info as never), 3);
  await use('webgpu');
  const compute = fallingBack(await engineOn(gpu, memory), referenceCompute('webgpu', adapterName(info)));
  return startedOn(compute, reason, { software, features, limits });
}

/** Results after a loss or an error that nobody caught cannot be trusted. */
function watch(device: GPUDevice, onLost: (message: string) => void): void {
  device.lost.then(({ message }) => onLost(`The graphics device was lost: ${message}`));
  device.addEventListener('uncapturederror', ({ error }) =>
    onLost(
      error instanceof GPUOutOfMemoryError
        ? 'The graphics device has run out of memory: take fewer variants, smaller batches or a smaller model.'
        : `The graphics device failed: ${error.message}`,
    ),
  );
}

async function startPlain(
  platform: Platform,
  backend: Exclude<BackendName, 'webgpu'>,
  reason: string,
  software: boolean,
): Promise<Started> {
  if (backend === 'wasm') {
    setWasmPaths(platform.wasm);
    // tfjs starts its threads from the source text of a function, which no bundler leaves whole.
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  }
  if (backend === 'webgl') await import('@tensorflow/tfjs-backend-webgl');
  if (backend === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  await use(backend);
  const reference = referenceCompute(backend, await plainAdapter(backend));
  const isFast = backend === 'wasm' && platform.kernels !== undefined && hasSimd();
  const compute = isFast ? fallingBack(simdCompute(), reference) : reference;
  return startedOn(compute, reason, { software, features: [], limits: {} });
}

/** One Compute does everything. */
function startedOn(
  compute: Compute,
  reason: string,
  device: Pick<DeviceReport, 'software' | 'features' | 'limits'>,
): Started {
  const { name, adapter } = compute;
  const training = trainingReport(compute, reason);
  return { report: { backend: name, adapter, reason, training, ...device }, decoding: compute, training: compute };
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
