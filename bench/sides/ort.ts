/**
 * Decoding in onnxruntime-web. The graph (onnx/igpt.ts) runs one step over a static cache. On WebGPU past and present
 * are the same GPU buffers, so GroupQueryAttention writes in place, and the chosen colours stay on the GPU too
 * (onnxruntime.ai, "WebGPU execution provider"; transformers.js's StaticCache does the same).
 */
import { cacheNames, decodingStep } from '../onnx/igpt.ts';
import type { Ort, OrtTensor } from '../peers.ts';
import { type Workload, weightsOf } from '../workload.ts';
import type { Stepper } from './decoder.ts';
import type { Prefix } from './prefix.ts';

export interface OrtOptions {
  provider: 'webgpu' | 'wasm';
  threads: number;
}

export async function ortStepper(
  ort: Ort,
  { config, given, variants: B }: Workload,
  prefix: Prefix,
  { provider, threads }: OrtOptions,
): Promise<Stepper> {
  const { n_layer: L, n_head: H, n_positions: T, n_embd: d } = config;
  const dims = [B, H, T, d / H];
  ort.env.wasm.numThreads = threads;
  const onGpu = provider === 'webgpu';
  const session = await ort.InferenceSession.create(decodingStep(config, weightsOf(config), B, 'static'), {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    ...(onGpu ? { preferredOutputLocation: { next: 'gpu-buffer', logp: 'gpu-buffer' } } : {}),
  });
  const device = onGpu ? await ort.env.webgpu.device : undefined;

  const f32 = (values: Float32Array, shape: number[]) => new ort.Tensor('float32', values, shape);
  const i32 = (values: Int32Array, shape: number[]) => new ort.Tensor('int32', values, shape);
  const cacheTensor = (x: Float32Array): OrtTensor => {
    const values = spread(x, B, H, given, T, d / H);
    if (!device) return f32(values, dims);
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = device.createBuffer({ size: values.byteLength, usage });
    device.queue.writeBuffer(buffer, 0, values as BufferSource);
    return ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims });
  };

  const pasts: Record<string, OrtTensor> = {};
  const presents: Record<string, OrtTensor> = {};
  for (let i = 0; i < L; i++) {
    const { past, present } = cacheNames(i);
    [prefix.keys[i], prefix.values[i]].forEach((x, n) => {
      pasts[past[n]] = cacheTensor(x);
      presents[present[n]] = pasts[past[n]];
    });
  }
  let chosen: OrtTensor | undefined;
  let logp: OrtTensor | undefined;
  return {
    async step(position, uniforms, forced) {
      if (forced) {
        chosen?.dispose();
        chosen = i32(forced, [B, 1]);
      }
      const feeds = {
        ...pasts,
        tokens: chosen!,
        position: i32(Int32Array.of(position), [1, 1]),
        uniforms: f32(uniforms, [B, 1]),
        seqlens: i32(new Int32Array(B).fill(position), [B]),
        total: i32(Int32Array.of(position + 1), [1]),
      };
      const out = onGpu ? await session.run(feeds, { ...presents, next: null, logp: null }) : await session.run(feeds);
      chosen!.dispose();
      logp?.dispose();
      [chosen, logp] = [out.next, out.logp];
      if (!onGpu) {
        for (let i = 0; i < L; i++) {
          const { past, present } = cacheNames(i);
          past.forEach((name, n) => {
            pasts[name] = out[present[n]];
          });
        }
      }
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
