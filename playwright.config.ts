/**
 * End-to-end tests: real browsers open the built page as a static host would serve it. All that the page does is tried in
 * Chromium with WebGPU; what a person does most, in every engine (e2e/journeys/).
 */

import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';
import { withoutWebgpu } from './e2e/browsers.ts';
import { ENGINES, type EngineName } from './e2e/engines/engines.ts';
import { freePort } from './e2e/free-port.ts';
import type { EngineOption } from './e2e/journeys/journey.ts';

// Test processes read this file again and must find the port that the first reading chose.
process.env.E2E_PAGE_PORT ??= String(await freePort());
process.env.E2E_PREVIEW_PORT ??= String(await freePort());
// The host of `npm start` packs every file anew for every visitor.
const preview = `http://localhost:${process.env.E2E_PREVIEW_PORT}`;

export default defineConfig<object, EngineOption>({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  // Most of a test is waiting; but a software adapter takes every core there is, and more pages than these would starve.
  workers: Math.min(4, availableParallelism()),
  // A second try would hide a fault that comes now and then.
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  // A service worker answers before the tests' own routes can; offline.spec.ts lets it.
  use: {
    baseURL: `http://localhost:${process.env.E2E_PAGE_PORT}`,
    // What is about WebGPU asks for it. A page that finds it measures it first, for 0.7 CPU seconds, to no end here.
    launchOptions: withoutWebgpu,
    serviceWorkers: 'block',
    screenshot: 'only-on-failure',
    trace: 'off',
  },
  projects: [
    { name: 'page', testIgnore: 'e2e/journeys/**' },
    ...(Object.keys(ENGINES) as EngineName[]).map((engineName) => ({
      name: engineName,
      use: { engineName, baseURL: preview },
      // Everything in each engine, but what is about WebGPU where that is a matter of its own.
      ...(engineName === 'firefox-webgpu'
        ? { testMatch: 'e2e/journeys/webgpu.spec.ts' }
        : { testMatch: 'e2e/journeys/*.spec.ts', testIgnore: 'e2e/journeys/webgpu.spec.ts' }),
      timeout: 240_000,
    })),
  ],
  globalSetup: './e2e/page-host.ts',
  webServer: {
    command: `npx vite preview --host localhost --port ${process.env.E2E_PREVIEW_PORT} --strictPort`,
    url: preview,
    reuseExistingServer: false,
  },
});
