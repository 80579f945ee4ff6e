/** What the tests of the kernels share: both builds in Node, and plain loops in float64 to hold them against. */
import { allowRelaxedSimd, type KernelVariant, simdKernels } from '../../tools/simd-kernels.ts';
import { uniform } from '../igpt/random.ts';
import { Arena, floatsAt, wholesAt } from './arena.ts';
import { instantiate, setKernels } from './kernels.ts';

allowRelaxedSimd();

export const BUILDS: KernelVariant[] = ['plain', 'relaxed'];

/** Makes one build the one that is used, whatever the engine would choose. */
export async function useBuild(variant: KernelVariant): Promise<void> {
  const bytes = (await simdKernels())[variant];
  setKernels({ plain: bytes, relaxed: bytes });
}

/** Kernels with places in memory: arrays are copied in, a number is room for so many; read back after a call. */
export async function bench(places: Record<string, Float32Array | Int32Array | number>) {
  const kernels = await instantiate();
  const arena = new Arena(kernels);
  const sizes = Object.entries(places).map(([name, p]) => [name, typeof p === 'number' ? p : p.length] as const);
  const at = Object.fromEntries(sizes.map(([name, size]) => [name, arena.numbers(size)]));
  arena.commit();
  for (const [name, p] of Object.entries(places)) {
    if (p instanceof Float32Array) floatsAt(kernels, at[name], p.length).set(p);
    if (p instanceof Int32Array) wholesAt(kernels, at[name], p.length).set(p);
  }
  const lengths = Object.fromEntries(sizes);
  const read = (name: string) => floatsAt(kernels, at[name], lengths[name]).slice();
  return { kernels, at, read };
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
