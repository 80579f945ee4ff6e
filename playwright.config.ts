/** End-to-end tests: a real Chromium with WebGPU opens the built page as a static host would serve it. */

import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';
import { withWebgpu } from './e2e/browsers.ts';

// Test processes read this file again and must find the port that the first reading chose.
process.env.E2E_PORT ??= String(await freePort());
const origin = `http://localhost:${process.env.E2E_PORT}`;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  // Most of a test is waiting; but a software adapter takes every core there is, and more pages than these would starve.
  workers: Math.min(4, availableParallelism()),
  // On a busy machine a race is lost now and then: what passes at the second try is listed, and counted, as flaky.
  retries: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  // A service worker answers before the tests' own routes can; offline.spec.ts lets it.
  use: {
    baseURL: origin,
    launchOptions: withWebgpu,
    serviceWorkers: 'block',
    screenshot: 'only-on-failure',
    trace: 'off',
  },
  webServer: {
    command: `npx vite preview --host localhost --port ${process.env.E2E_PORT} --strictPort`,
    url: origin,
    reuseExistingServer: false,
  },
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, 'localhost', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
