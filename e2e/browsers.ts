/** The ways a test's browser can start: `test.use({ launchOptions: withWebgpu })` at the top of a file. */

import { spawnSync } from 'node:child_process';
import type { LaunchOptions } from '@playwright/test';
import { findChromium, findHeadlessShell } from '../tools/browser.mjs';

// The shell is the same engine without a browser's windows, at two thirds of the CPU time. The journeys
// take the whole browser.
const executablePath = findHeadlessShell() ?? findChromium() ?? undefined;

// Test processes read this file again and are spared the trial.
process.env.E2E_NO_CHROMIUM ??= whyNoChromium();
/** Why nothing can be tested in Chromium here; empty where it can. */
export const noChromium = process.env.E2E_NO_CHROMIUM;

function whyNoChromium(): string {
  if (executablePath === undefined) return 'no Chromium is installed';
  // Playwright's download lacks libraries of a bare Linux. Elsewhere this question would open a window.
  if (process.platform !== 'linux') return '';
  const { status, stderr } = spawnSync(executablePath, ['--version'], { encoding: 'utf8' });
  return status === 0 ? '' : `Chromium does not start (${stderr?.trim().split('\n')[0]})`;
}

const always = [
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
  // Chromium's sandbox does not start for root.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** WebGPU on Chromium's own software adapter, the same on every machine. */
export const withWebgpu = {
  executablePath,
  args: [...always, '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
} satisfies LaunchOptions;

/** WebGL on it too, which workers in the headless shell of Chromium 150 do not have without being asked for it. */
export const withWebgl: LaunchOptions = { executablePath, args: [...withWebgpu.args, '--use-angle=swiftshader'] };

/** WebGPU that finds no adapter, as on a machine without a usable GPU. */
export const withoutWebgpu: LaunchOptions = { executablePath, args: [...always, '--disable-gpu'] };
