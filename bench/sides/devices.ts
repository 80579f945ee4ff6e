/** Devices for the sides: each its own, all of the same adapter. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { type OpenDevice, openDevice } from '../../workers/engine/device.ts';
import { startBackend } from '../../workers/lab/backend.ts';
import { sentence } from '../measure.ts';
import type { Platform } from '../platform.ts';
import { repairAddN } from './tfjs-addn.ts';

/** Why a device's results cannot be trusted; undefined while they can. */
export type Trouble = () => string | undefined;

export async function ownDevice({ gpu }: Platform): Promise<OpenDevice & { trouble: Trouble }> {
  const open = await openDevice(gpu);
  if ('missing' in open) throw new Error(open.missing);
  let trouble: string | undefined;
  open.device.addEventListener('uncapturederror', ({ error }) => {
    trouble ??= sentence(error.message);
  });
  return { ...open, trouble: () => trouble };
}

/** Puts tfjs on a device of its own with the adapter's full limits, as the product does. */
export async function tfjsOnWebgpu({ gpu, wasm }: Platform): Promise<{ device: GPUDevice; trouble: Trouble }> {
  let trouble: string | undefined;
  await startBackend({ gpu, wasm }, 'webgpu', (message) => {
    trouble ??= sentence(message);
  });
  repairAddN();
  return { device: (tf.backend() as WebGPUBackend).device, trouble: () => trouble };
}

export async function tfjsOnWasm({ wasm }: Platform): Promise<void> {
  await startBackend({ gpu: undefined, wasm }, 'wasm', () => {});
}
