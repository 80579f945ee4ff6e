/** The benchmark in Node: whatever the lab runs on is what is measured. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { simdKernels } from '../../tools/simd-kernels.ts';
import type { BenchmarkRow } from '../contract.ts';
import { startBackend } from './backend.ts';
import { benchmark } from './benchmark.ts';

it('reports completing and training on the backend that does them', async () => {
  const wasm = fileURLToPath(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')));
  const backend = await startBackend({ gpu: undefined, wasm, kernels: await simdKernels() }, 'auto', () => {});
  const rows: BenchmarkRow[] = [];
  await benchmark(backend, (row) => rows.push(row));
  expect(rows.map(({ work, backend }) => [work, backend])).toEqual([
    ['completing', 'wasm'],
    ['training', 'wasm'],
  ]);
  for (const { tokensPerSecond } of rows) expect(tokensPerSecond).toBeGreaterThan(10);
});
