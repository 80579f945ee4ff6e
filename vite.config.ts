import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { bundleWeights } from './tools/bundle-weights.ts';
import { cifar10 } from './tools/cifar10-plugin.ts';
import { contentSecurity } from './tools/content-security.ts';
import { entries } from './tools/entries.ts';
import { examples } from './tools/examples-plugin.ts';
import { fetchBeforeImport } from './tools/fetch-before-import.ts';
import { needs } from './tools/needs.ts';
import { offline } from './tools/offline.ts';
import { shippedModels } from './tools/shipped-models.ts';
import { simdKernelsPlugin } from './tools/simd-kernels.ts';

export default defineConfig({
  base: './',
  plugins: [
    react(),
    entries(),
    fetchBeforeImport(),
    examples(),
    cifar10(),
    shippedModels(),
    simdKernelsPlugin(),
    contentSecurity(),
    bundleWeights(),
    offline(),
  ],
  worker: { format: 'es' },
  // The oldest browsers of docs/browsers.md.
  build: { target: ['chrome120', 'firefox140', 'safari18.4'], sourcemap: false },
  test: {
    tags: process.env.VITEST ? await needs() : [],
    setupFiles: ['tools/as-in-safari.ts', 'tools/property-seed.ts', 'tools/same-bytes.ts'],
    include: ['{src,workers,cli,tools,bench}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: '100%',
  },
});
