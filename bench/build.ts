/** Bundles the bench: the page for Chromium, and one file for Node, where the peers stay outside. */
import { join } from 'node:path';
import { build, type InlineConfig } from 'vite';
import { simdKernelsPlugin } from '../tools/simd-kernels.ts';
import { here } from './here.ts';

const common: InlineConfig = { configFile: false, logLevel: 'warn', base: './', worker: { format: 'es' } };

export async function buildPage(): Promise<string> {
  const outDir = join(here, 'dist/page');
  await build({
    ...common,
    root: join(here, 'page'),
    plugins: [simdKernelsPlugin()],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      reportCompressedSize: false,
      rolldownOptions: { checks: { bundlerTimings: false } },
    },
  });
  return outDir;
}

/**
 * tfjs is bundled for Node too: its ES modules import folders, which Node refuses. From dist/, packages resolve to
 * bench/node_modules first and then to the project's.
 */
export async function buildNode(): Promise<string> {
  const outDir = join(here, 'dist/node');
  await build({
    ...common,
    root: here,
    ssr: { noExternal: true, external: ['webgpu', '@jax-js/jax', 'onnxruntime-web'] },
    build: { outDir, emptyOutDir: true, ssr: join(here, 'node.ts'), target: 'es2023' },
  });
  return join(outDir, 'node.js');
}
