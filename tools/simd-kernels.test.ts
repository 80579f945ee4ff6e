/** The compiled kernels: two modules that any engine with SIMD, or relaxed SIMD, can take. */
import { expect, it } from 'vitest';
import { simdKernels } from './simd-kernels.ts';

it('compiles two builds that ask for a memory and nothing else', async () => {
  const { plain, relaxed } = await simdKernels();
  const module = await WebAssembly.compile(plain);
  expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
  expect(Buffer.from(relaxed).equals(plain)).toBe(false);
  expect(plain.length + relaxed.length).toBeLessThan(64_000);
}, 60_000);

it('gives the same bytes again', async () => {
  expect(await simdKernels()).toEqual(await simdKernels());
}, 60_000);
