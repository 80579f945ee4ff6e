/**
 * The kernels that the host calls. They work on one memory, which the host brings and lays out (arena.ts): addresses and
 * strides are in bytes, counts in numbers. Nothing is allocated here.
 */
export { adamw, squares } from './adamw';
export { attention, attentionBytes, attentionGradient, attentionGradientBytes } from './attention';
export { extend, extendBytes, headBytes, prefill } from './cache';
export { crossEntropy, surprises } from './cross-entropy';
export { columnSums, embed, embedGradient, geluGradient } from './elementwise';
export { matmul, outer, outerBytes } from './matmul';
export { norm, normGradient } from './norm';
export { pack, packTransposed } from './pack';
export { drawingWeights, statistics } from './statistics';

/** The first byte that is the host's. */
export function arenaStart(): usize {
  return __heap_base;
}
