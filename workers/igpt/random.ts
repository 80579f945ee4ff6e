/**
 * Counter-based random numbers: the number at (seed, variant, position) depends on nothing else, so any backend, batch
 * size or order of work gives the same picture. Source of the hash: Jarzynski & Olano 2020, "Hash Functions for GPU
 * Rendering" (pcg3d), chosen because WGSL can run the same lines.
 */

/** pcg3d's first output for three unsigned 32-bit counters, as an unsigned 32-bit integer. */
export function pcg3d(x: number, y: number, z: number): number {
  let a = (Math.imul(x, 1664525) + 1013904223) | 0;
  let b = (Math.imul(y, 1664525) + 1013904223) | 0;
  let c = (Math.imul(z, 1664525) + 1013904223) | 0;
  a = (a + Math.imul(b, c)) | 0;
  b = (b + Math.imul(c, a)) | 0;
  c = (c + Math.imul(a, b)) | 0;
  a ^= a >>> 16;
  b ^= b >>> 16;
  c ^= c >>> 16;
  a = (a + Math.imul(b, c)) | 0;
  return a >>> 0;
}

/** Uniform in [0, 1) with 23 bits, so that `u * total < total` holds in f32 for every total. */
export function uniform(seed: number, variant: number, position: number): number {
  return (pcg3d(seed, variant, position) >>> 9) * 2 ** -23;
}
