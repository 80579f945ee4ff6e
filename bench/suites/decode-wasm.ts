/** Decoding on WebAssembly: our SIMD module against onnxruntime-web and the cached decoder on tfjs. */
import { decode as byReference } from '../../workers/igpt/decode.ts';
import { ImageGPT } from '../../workers/igpt/reference.ts';
import type { Ort } from '../peers.ts';
import { completing, fastest, stepping, warmed } from '../sides/decoder.ts';
import { tfjsOnWasm } from '../sides/devices.ts';
import { ortStepper } from '../sides/ort.ts';
import { prefixOf } from '../sides/prefix.ts';
import { simdDecoder } from '../sides/simd.ts';
import { weightsOf } from '../workload.ts';
import { contest } from './contest.ts';
import type { Context } from './suite.ts';

export async function decodeWasm(context: Context): Promise<void> {
  const { platform, workload, effort } = context;
  await tfjsOnWasm(platform);
  const prefix = await prefixOf(workload);
  await contest(context, {
    place: { env: platform.env, adapter: 'WebAssembly SIMD' },
    what: 'Log-probabilities',
    ours: async () => {
      const decoder = await simdDecoder(workload);
      const side = completing((...a) => decoder.decode(...a), workload, prefix);
      return warmed(side, workload, effort, 'Ours on 1 thread.');
    },
    peers: {
      [`decode-${workload.name}-wasm-vs-ort`]: async () => {
        // Threads that wait for each other lose where other programs want the processor too, so both are tried.
        const counts = [...new Set([1, platform.threads])];
        const [side, threads] = await fastest(counts, effort, async (count) => {
          const ort = (await platform.load('ort-wasm', count)) as Ort;
          const options = { provider: 'wasm', cache: 'growing', threads: count } as const;
          return stepping(await ortStepper(ort, workload, prefix, options), workload, prefix);
        });
        return warmed(side, workload, effort, `Peer on ${threads}, the fastest of ${counts.join(' and ')}.`);
      },
      [`decode-${workload.name}-wasm-vs-tfjs-kv`]: () => {
        const model = new ImageGPT(workload.config, weightsOf(workload.config));
        const side = completing((...a) => byReference(model, ...a), workload, prefix);
        return warmed(side, workload, effort, 'Peer on 1.');
      },
    },
  });
}
