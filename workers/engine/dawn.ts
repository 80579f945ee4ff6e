/** WebGPU in Node: Dawn on the machine's Vulkan driver, a software one where there is no GPU. */
import { existsSync } from 'node:fs';
import { type OpenDevice, openDevice } from './device.ts';

/** lavapipe (Mesa 25 or later) is about ten times faster than the SwiftShader that comes with Chromium. */
const SOFTWARE_DRIVERS = ['/usr/share/vulkan/icd.d/lvp_icd.json', '/usr/lib/chromium/vk_swiftshader_icd.json'];

/** NVIDIA's f16 hides behind the first; with the second on, timestamps are rounded to 65 µs. Other drivers ignore them. */
const TOGGLES = ['enable-dawn-features=vulkan_enable_f16_on_nvidia', 'disable-dawn-features=timestamp_quantization'];

/** Dawn's instance must outlive every device: collected, it takes the process with it. */
let gpu: GPU | undefined;

/** Dawn's WebGPU, as navigator.gpu would be; a sentence when it does not load. */
export async function dawnGpu(): Promise<GPU | { missing: string }> {
  const driver = SOFTWARE_DRIVERS.find(existsSync);
  if (!process.env.VK_ICD_FILENAMES && driver && !existsSync('/dev/dri')) process.env.VK_ICD_FILENAMES = driver;
  const dawn = await import('webgpu').catch((error: Error) => error);
  if (dawn instanceof Error) return { missing: `The package webgpu does not load: ${dawn.message}` };
  Object.assign(globalThis, dawn.globals);
  gpu ??= dawn.create(TOGGLES);
  // Where tfjs's WebGPU backend looks for it.
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  return gpu;
}

/** Opens Dawn's best adapter; a sentence when there is none. */
export async function openDawn(): Promise<OpenDevice | { missing: string }> {
  const found = await dawnGpu();
  return 'missing' in found ? found : openDevice(found);
}
