/** The choice between WebGPU and WebAssembly, on Dawn and whatever driver it finds. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { simdKernels } from '../../tools/simd-kernels.ts';
import type { Memory } from '../compute/compute.ts';
import { dawnGpu } from '../engine/dawn.ts';
import { type Platform, startBackend } from './backend.ts';
import { comparison, type Speeds } from './choice.ts';

const wasm = fileURLToPath(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')));
const gpu = await dawnGpu();
const platform = async (memory: Memory): Promise<Platform> => ({
  gpu: gpu as GPU,
  wasm,
  kernels: await simdKernels(),
  memory,
});

function memoryWith(kept?: unknown): Memory & { written: unknown[] } {
  const written: unknown[] = [];
  return {
    written,
    get: async () => kept,
    set: async (_, value) => {
      written.push(value);
    },
  };
}

const remembered = (engine: [number, number], simd: [number, number]): Speeds => ({
  engine: { decoding: engine[0], training: engine[1] },
  simd: { decoding: simd[0], training: simd[1] },
});

const cases: [string, Speeds, string, string][] = [
  ['the GPU wins both', remembered([9e9, 9e12], [1e9, 1e9]), 'webgpu', 'webgpu'],
  ['the GPU wins training alone', remembered([1e9, 9e12], [2e9, 1e9]), 'wasm', 'webgpu'],
  ['the GPU wins completing alone', remembered([9e9, 1e9], [1e9, 2e9]), 'webgpu', 'wasm'],
  ['the GPU wins nothing', remembered([1e9, 1e9], [2e9, 2e9]), 'wasm', 'wasm'],
];

it.each(cases)(
  'where %s, each kind of work goes to its winner',
  { tags: ['webgpu'] },
  async (_, speeds, completes, trains) => {
    const memory = memoryWith(speeds);
    const { report, decoding, training } = await startBackend(await platform(memory), 'auto', () => {});
    expect([report.backend, report.training.backend]).toEqual([completes, trains]);
    expect([decoding.name, training.name]).toEqual([completes, trains]);
    expect(report.reason).toContain('GFLOP/s');
    expect(memory.written).toEqual([]);
  },
);

it('measures when nothing is remembered, keeps it, and chooses by it', { tags: ['webgpu'] }, async () => {
  for (const kept of [undefined, 'rubbish', { engine: { decoding: -1, training: 1 } }]) {
    const memory = memoryWith(kept);
    const { report } = await startBackend(await platform(memory), 'auto', () => {});
    const [{ engine, simd }] = memory.written as Speeds[];
    for (const { decoding, training } of [engine, simd]) {
      expect(Math.min(decoding, training)).toBeGreaterThan(1e7);
      expect(Math.max(decoding, training)).toBeLessThan(1e15);
    }
    expect(report.backend).toBe(engine.decoding >= simd.decoding ? 'webgpu' : 'wasm');
    expect(report.training.backend).toBe(engine.training >= simd.training ? 'webgpu' : 'wasm');
  }
});

it('measures where nothing can be remembered', { tags: ['webgpu'] }, async () => {
  const broken: Memory = { get: () => Promise.reject(new Error('no')), set: () => Promise.reject(new Error('no')) };
  const { report } = await startBackend(await platform(broken), 'auto', () => {});
  expect(report.reason).toContain('measured');
});

it('says figures with two digits, the larger first', () => {
  expect(comparison(41.4e9, 0.957e9)).toBe('41 against 0.96 GFLOP/s');
});
