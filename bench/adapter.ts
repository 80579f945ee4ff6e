/** How Chromium and Dawn are told which adapter to take. */
import { existsSync } from 'node:fs';
import { withWebgpu } from '../e2e/browsers.ts';
import type { Options } from './options.ts';

/** Linux shows GPUs as device files; elsewhere there practically always is one. */
export function hasGpu(): boolean {
  return process.platform !== 'linux' || existsSync('/dev/dri') || existsSync('/dev/nvidiactl');
}

/** Chromium's arguments: SwiftShader as in the end-to-end tests, or the machine's own GPU. */
export function chromiumArgs({ adapter }: Pick<Options, 'adapter'>): string[] {
  if (adapter === 'software' || (adapter === 'auto' && !hasGpu())) return withWebgpu.args ?? [];
  const general = (withWebgpu.args ?? []).filter((arg) => !arg.startsWith('--use-webgpu-adapter'));
  const vulkan = process.platform === 'linux' ? ['--enable-features=Vulkan', '--use-angle=vulkan'] : [];
  return [...general, '--enable-gpu', '--ignore-gpu-blocklist', ...vulkan];
}

const LAVAPIPE = '/usr/share/vulkan/icd.d/lvp_icd.json';

/** Dawn's environment. Without a wish of its own, workers/engine/dawn.ts finds a software driver where there is no GPU. */
export function nodeEnv({ adapter }: Pick<Options, 'adapter'>): NodeJS.ProcessEnv {
  if (adapter !== 'software' || process.env.VK_ICD_FILENAMES || !existsSync(LAVAPIPE)) return process.env;
  return { ...process.env, VK_ICD_FILENAMES: LAVAPIPE };
}
