/** Decoding on WebAssembly: what the product runs there, the cached decoder on tfjs, against onnxruntime-web. */
import { decode as byReference } from '../../workers/igpt/decode.ts';
import { ImageGPT } from '../../workers/igpt/reference.ts';
import type { Ort } from '../peers.ts';
import { compare } from '../rows.ts';
import { completing, fastest, stepping } from '../sides/decoder.ts';
import { tfjsOnWasm } from '../sides/devices.ts';
import { ortStepper } from '../sides/ort.ts';
import { prefixOf } from '../sides/prefix.ts';
import { weightsOf } from '../workload.ts';
import { decodingRates } from './decode.ts';
import type { Context } from './suite.ts';

export async function decodeWasm(context: Context): Promise<void> {
  const { platform, workload, emit } = context;
  const place = { env: platform.env, adapter: 'WebAssembly SIMD' };
  await tfjsOnWasm(platform);
  const prefix = await prefixOf(workload);
  let threads = 0;
  const results = await decodingRates(context, {
    ours: async () => {
      const model = new ImageGPT(workload.config, weightsOf(workload.config));
      return completing((...a) => byReference(model, ...a), workload, prefix);
    },
    ort: async () => {
      // Threads that wait for each other lose where other programs want the processor too, so both are tried.
      const counts = [...new Set([1, platform.threads])];
      const [side, count] = await fastest(counts, async (n) => {
        const ort = (await platform.load('ort-wasm', n)) as Ort;
        const options = { provider: 'wasm', cache: 'growing', threads: n } as const;
        return stepping(await ortStepper(ort, workload, prefix, options), workload, prefix);
      });
      threads = count;
      return side;
    },
  });
  const { outcome, note } = results.get('ort')!;
  const how = `Ours: the cached decoder on tfjs. Threads: ours 1, peer ${threads}, the faster of 1 and ${platform.threads}. ${note}`;
  emit(compare(place, `decode-${workload.name}-wasm-vs-ort`, 'tokens/s', results.get('ours')!.outcome, outcome, how));
}
