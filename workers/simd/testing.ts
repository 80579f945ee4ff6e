/** What the tests of the kernels share: both builds in Node, and plain loops in float64 to hold them against. */
import { setFlagsFromString } from 'node:v8';
import { type KernelVariant, simdKernels } from '../../tools/simd-kernels.ts';
import { uniform } from '../igpt/random.ts';
import { Arena, floatsAt } from './arena.ts';
import { instantiate, type Kernels } from './kernels.ts';

// Node 20 has relaxed SIMD behind a flag; later ones have it anyway, and no longer know the flag.
if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');

export const BUILDS: KernelVariant[] = ['plain', 'relaxed'];

export async function testModule(variant: KernelVariant): Promise<WebAssembly.Module> {
  return WebAssembly.compile((await simdKernels())[variant]);
}

/** Kernels with places in memory: each array is copied in, and can be read back after a call. */
export async function bench(variant: KernelVariant, arrays: Record<string, Float32Array | Int32Array | number>) {
  const kernels = await instantiate(await testModule(variant));
  const arena = new Arena(kernels);
  const at: Record<string, number> = {};
  const lengths: Record<string, number> = {};
  for (const [name, array] of Object.entries(arrays)) {
    lengths[name] = typeof array === 'number' ? array : array.length;
    at[name] = arena.numbers(lengths[name]);
  }
  arena.commit();
  for (const [name, array] of Object.entries(arrays)) {
    if (array instanceof Float32Array) floatsAt(kernels, at[name], array.length).set(array);
    if (array instanceof Int32Array) new Int32Array(kernels.memory.buffer, at[name], array.length).set(array);
  }
  const read = (name: string): Float32Array => floatsAt(kernels, at[name], lengths[name]).slice();
  return { kernels: kernels as Kernels, at, read };
}

/** Numbers in [-1, 1), the same at every run. */
export function numbers(count: number, stream: number, scale = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => scale * (2 * uniform(3, stream, i) - 1));
}

/** The largest difference, as a share of the largest number wanted. */
export function worst(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let difference = 0;
  let size = 1e-30;
  for (let i = 0; i < wanted.length; i++) {
    difference = Math.max(difference, Math.abs(found[i] - wanted[i]));
    size = Math.max(size, Math.abs(wanted[i]));
  }
  return found.length === wanted.length && !Number.isNaN(difference) ? difference / size : Number.POSITIVE_INFINITY;
}
