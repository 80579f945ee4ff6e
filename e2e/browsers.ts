/** The ways a test's browser can start: `test.use({ launchOptions: withoutWebgpu })` at the top of a file. */

import type { LaunchOptions } from '@playwright/test';
import { findChromium } from '../tools/browser.mjs';

const executablePath = findChromium() ?? undefined;

const always = [
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
  // Chromium's sandbox does not start for root.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** WebGPU on Chromium's own software adapter, the same on every machine. */
export const withWebgpu: LaunchOptions = {
  executablePath,
  args: [...always, '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
};

/** WebGPU that finds no adapter, as on a machine without a usable GPU. */
export const withoutWebgpu: LaunchOptions = { executablePath, args: [...always, '--disable-gpu'] };
