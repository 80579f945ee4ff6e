/** Decoding on WebGPU: the engine's recorded plan against jax-js, onnxruntime-web, and tfjs with and without a cache. */
import { adapterName } from '../../workers/contract.ts';
import { decode as byReference } from '../../workers/igpt/decode.ts';
import { ImageGPT } from '../../workers/igpt/reference.ts';
import { ONCE } from '../measure.ts';
import type { CacheKind } from '../onnx/igpt.ts';
import type { Jax, Ort } from '../peers.ts';
import { completing, fastest, stepping, warmed } from '../sides/decoder.ts';
import { ownDevice, tfjsOnWebgpu } from '../sides/devices.ts';
import { engineDecoder } from '../sides/engine.ts';
import { startJax } from '../sides/jaxjs.ts';
import { jaxStepper } from '../sides/jaxjs-decode.ts';
import { naive } from '../sides/naive.ts';
import { ortStepper } from '../sides/ort.ts';
import { prefixOf } from '../sides/prefix.ts';
import { weightsOf } from '../workload.ts';
import { contest } from './contest.ts';
import type { Context } from './suite.ts';

export async function decode(context: Context): Promise<void> {
  const { platform, workload, quick } = context;
  const open = await ownDevice(platform);
  const effort = quick && open.software ? { ...context.effort, warm: ONCE } : context.effort;
  await tfjsOnWebgpu(platform);
  const prefix = await prefixOf(workload);
  const model = new ImageGPT(workload.config, weightsOf(workload.config));
  const engine = await engineDecoder(open, workload);
  const row = (peer: string) => `decode-${workload.name}-vs-${peer}`;
  await contest(context, {
    place: { env: platform.env, adapter: adapterName(open.info) },
    what: 'Log-probabilities',
    ours: () =>
      warmed(
        completing((...a) => engine.decode(...a), workload, prefix),
        workload,
        effort,
      ),
    peers: {
      [row('jaxjs')]: async () => {
        const jax = await startJax((await platform.load('jax')) as Jax, 'webgpu');
        return warmed(stepping(jaxStepper(jax, workload, prefix), workload, prefix), workload, effort);
      },
      [row('ort')]: async () => {
        const ort = (await platform.load('ort-webgpu')) as Ort;
        // On a software adapter the growing cache is known to be the faster one; a GPU is asked.
        const kinds: CacheKind[] = open.software ? ['growing'] : ['growing', 'static'];
        const [side, cache] = await fastest(kinds, effort, async (kind) => {
          const options = { provider: 'webgpu', cache: kind, threads: platform.threads } as const;
          return stepping(await ortStepper(ort, workload, prefix, options), workload, prefix);
        });
        return warmed(side, workload, effort, `A ${cache} cache kept on the GPU, build onnxruntime-web/webgpu.`);
      },
      [row('tfjs-kv')]: () =>
        warmed(
          completing((...a) => byReference(model, ...a), workload, prefix),
          workload,
          effort,
        ),
      [row('tfjs-naive')]: async () => {
        const pixels = open.software ? 1 : 8;
        const how = `Peer decodes ${pixels} of ${workload.config.n_positions - workload.given} pixels a sample, without a warm-up of its own.`;
        return { values: [], sample: naive(model, workload, prefix, pixels), how };
      },
    },
  });
}
