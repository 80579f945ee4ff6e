/** Decoding on WebAssembly: what the product runs there against onnxruntime-web and against the cached tfjs decoder. */
import { decode as byReference } from '../../workers/igpt/decode.ts';
import { ImageGPT } from '../../workers/igpt/reference.ts';
import type { Ort } from '../peers.ts';
import { compare } from '../rows.ts';
import { completing, type DecodingSide, stepping } from '../sides/decoder.ts';
import { tfjsOnWasm } from '../sides/devices.ts';
import { ortStepper } from '../sides/ort.ts';
import { prefixOf } from '../sides/prefix.ts';
import { simdDecoder } from '../sides/simd.ts';
import { weightsOf } from '../workload.ts';
import { decodingRates } from './decode.ts';
import type { Context } from './suite.ts';

export async function decodeWasm(context: Context): Promise<void> {
  const { platform, workload, wanted, emit } = context;
  const place = { env: platform.env, adapter: 'WebAssembly SIMD' };
  await tfjsOnWasm(platform);
  const prefix = await prefixOf(workload);
  const tfjs = async (): Promise<DecodingSide> => {
    const model = new ImageGPT(workload.config, weightsOf(workload.config));
    return completing((...a) => byReference(model, ...a), workload, prefix);
  };
  const simd = simdDecoder();
  const results = await decodingRates(context, {
    ours: simd ? async () => completing(await simd(workload), workload, prefix) : tfjs,
    ort: async () => {
      const ort = (await platform.load('ort-wasm')) as Ort;
      const options = { provider: 'wasm', threads: platform.threads } as const;
      return stepping(await ortStepper(ort, workload, prefix, options), workload, prefix);
    },
    ...(simd ? { 'tfjs-kv': tfjs } : {}),
  });
  const threads = { ort: platform.threads, 'tfjs-kv': 1 };
  for (const peer of ['ort', 'tfjs-kv'] as const) {
    const row = `decode-${workload.name}-wasm-vs-${peer}`;
    if (!wanted(row)) continue;
    const { outcome, note } = results.get(peer) ?? { outcome: { failure: SAME }, note: '' };
    const how = `${simd ? 'Ours: the SIMD module' : 'Ours: the reference on tfjs, until there is a module of our own'}; 1 thread, peer ${threads[peer]}. ${note}`;
    emit(compare(place, row, 'tokens/s', results.get('ours')!.outcome, outcome, how));
  }
}

const SAME = 'it is what ours runs on, until there is a module of our own.';
