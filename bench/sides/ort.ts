/**
 * Decoding in onnxruntime-web: the graph of onnx/igpt.ts, a step a run. On WebGPU the cache and the chosen colours stay
 * on the GPU (onnxruntime.ai, "WebGPU execution provider"). A growing cache is handed on from run to run; a static one
 * is past and present in one buffer, so that it is written in place, as in transformers.js's StaticCache.
 */
import { type CacheKind, cacheNames, decodingStep } from '../onnx/igpt.ts';
import type { Ort, OrtTensor } from '../peers.ts';
import { type Workload, weightsOf } from '../workload.ts';
import type { Stepper } from './decoder.ts';
import type { Prefix } from './prefix.ts';

export interface OrtOptions {
  provider: 'webgpu' | 'wasm';
  cache: CacheKind;
  threads: number;
}

export async function ortStepper(
  ort: Ort,
  { config, given, variants: B }: Workload,
  prefix: Prefix,
  { provider, cache, threads }: OrtOptions,
): Promise<Stepper> {
  const { n_layer: L, n_head: H, n_positions: T, n_embd: d } = config;
  const inPlace = cache === 'static';
  const positions = inPlace ? T : given;
  const dims = [B, H, positions, d / H];
  ort.env.wasm.numThreads = threads;
  const onGpu = provider === 'webgpu';
  const session = await ort.InferenceSession.create(decodingStep(config, weightsOf(config), B, cache), {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    // Left in onnxruntime's own memory; otherwise every step makes megabytes of new arrays.
    preferredOutputLocation: onGpu ? 'gpu-buffer' : 'cpu-pinned',
  });
  const device = onGpu ? await ort.env.webgpu.device : undefined;

  const f32 = (values: Float32Array, shape: number[]) => new ort.Tensor('float32', values, shape);
  const i32 = (values: Int32Array, shape: number[]) => new ort.Tensor('int32', values, shape);
  const cacheTensor = (x: Float32Array): OrtTensor => {
    const values = spread(x, B, H, given, positions, d / H);
    if (!device) return f32(values, dims);
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = device.createBuffer({ size: values.byteLength, usage });
    device.queue.writeBuffer(buffer, 0, values as BufferSource);
    return ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims });
  };

  const start: Record<string, OrtTensor> = {};
  for (let i = 0; i < L; i++) {
    const { past } = cacheNames(i);
    [prefix.keys[i], prefix.values[i]].forEach((x, n) => {
      start[past[n]] = cacheTensor(x);
    });
  }
  /** Outputs that are to be written into buffers of ours: none, or the cache itself. */
  const fetches: Record<string, OrtTensor | null> = { next: null, logp: null };
  for (let i = 0; i < L; i++) {
    const { past, present } = cacheNames(i);
    past.forEach((name, n) => {
      fetches[present[n]] = inPlace && onGpu ? start[name] : null;
    });
  }
  let pasts = start;
  let chosen: OrtTensor | undefined;
  let logp: OrtTensor | undefined;
  return {
    async step(position, uniforms, forced) {
      if (forced) {
        chosen?.dispose();
        chosen = i32(forced, [B, 1]);
      }
      if (position === given) pasts = start;
      const counts: Record<string, OrtTensor> = inPlace
        ? { seqlens: i32(new Int32Array(B).fill(position), [B]), total: i32(Int32Array.of(position + 1), [1]) }
        : {};
      const out = await session.run(
        {
          ...pasts,
          ...counts,
          tokens: chosen!,
          position: i32(Int32Array.of(position), [1, 1]),
          uniforms: f32(uniforms, [B, 1]),
        },
        fetches,
      );
      chosen!.dispose();
      logp?.dispose();
      [chosen, logp] = [out.next, out.logp];
      if (inPlace && onGpu) return;
      const next: Record<string, OrtTensor> = {};
      for (let i = 0; i < L; i++) {
        const { past, present } = cacheNames(i);
        past.forEach((name, n) => {
          if (pasts !== start) pasts[name].dispose();
          next[name] = out[present[n]];
        });
      }
      pasts = next;
    },
    logp: () => logp!.getData(),
    tokens: () => chosen!.getData(),
  };
}

/** [H, given, hd] → [B, H, T, hd], zero where nothing is given. */
function spread(x: Float32Array, B: number, H: number, given: number, T: number, hd: number): Float32Array {
  const out = new Float32Array(B * H * T * hd);
  for (let b = 0; b < B; b++) {
    for (let h = 0; h < H; h++) {
      out.set(x.subarray(h * given * hd, (h + 1) * given * hd), (b * H + h) * T * hd);
    }
  }
  return out;
}
