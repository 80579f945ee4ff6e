/** The graph as onnxruntime itself reads it; skipped until the bench has installed what it compares with. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import type { Config } from '../../workers/igpt/config.ts';
import { here } from '../here.ts';
import type { Ort, OrtTensor } from '../peers.ts';
import { weightsOf } from '../workload.ts';
import { type CacheKind, cacheNames, decodingStep } from './igpt.ts';

const file = join(here, 'node_modules/onnxruntime-web/dist/ort.node.min.mjs');
const config: Config = { n_layer: 2, n_embd: 16, n_head: 2, n_positions: 16, n_colours: 8, layer_norm_epsilon: 1e-5 };
const B = 3;

/** Log-probabilities of a few steps, and the colours chosen in the last. */
async function run(ort: Ort, kind: CacheKind): Promise<{ logp: number[]; next: number[] }> {
  const session = await ort.InferenceSession.create(decodingStep(config, weightsOf(config), B, kind), {
    executionProviders: ['wasm'],
  });
  const f32 = (values: number[], dims: number[]) => new ort.Tensor('float32', Float32Array.from(values), dims);
  const i32 = (values: number[], dims: number[]) => new ort.Tensor('int32', Int32Array.from(values), dims);
  const positions = kind === 'static' ? config.n_positions : 0;
  const size = B * config.n_embd * positions;
  let caches: Record<string, OrtTensor> = Object.fromEntries(
    [0, 1].flatMap((i) => cacheNames(i).past.map((name) => [name, f32(new Array(size).fill(0), [B, 2, positions, 8])])),
  );
  const logp: number[] = [];
  let next: number[] = [];
  for (let position = 0; position < 3; position++) {
    const counts: Record<string, OrtTensor> =
      kind === 'static' ? { seqlens: i32([position, position, position], [B]), total: i32([position + 1], [1]) } : {};
    const out = await session.run({
      ...caches,
      ...counts,
      tokens: i32([1, 4, 7], [B, 1]),
      position: i32([position], [1, 1]),
      uniforms: f32([0, 0.5, 0.999], [B, 1]),
    });
    caches = Object.fromEntries(
      [0, 1].flatMap((i) => cacheNames(i).past.map((name, n) => [name, out[cacheNames(i).present[n]]])),
    );
    logp.push(...Array.from(out.logp.data));
    next = Array.from(out.next.data);
  }
  await session.release();
  return { logp, next };
}

it('is read by onnxruntime, and both caches give the same distributions', { tags: ['onnxruntime'] }, async () => {
  const ort = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Ort;
  ort.env.wasm.numThreads = 1;
  const growing = await run(ort, 'growing');
  const inPlace = await run(ort, 'static');
  expect(growing.logp).toHaveLength(3 * B * config.n_colours);
  growing.logp.forEach((x, i) => {
    expect(inPlace.logp[i]).toBeCloseTo(x, 5);
  });
  const last = growing.logp.slice(-B * config.n_colours);
  const total = last.slice(0, config.n_colours).reduce((sum, x) => sum + Math.exp(x), 0);
  expect(total).toBeCloseTo(1, 5);
  expect(inPlace.next).toEqual(growing.next);
  expect(growing.next[0]).toBe(0); // a uniform number of 0 takes the first colour
  expect(growing.next[2]).toBeGreaterThan(growing.next[0]);
});
