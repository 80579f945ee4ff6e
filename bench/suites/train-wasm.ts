/** Training on WebAssembly: our SIMD module against jax-js's threads and against tfjs's XNNPACK. */
import { ADAMW } from '../../workers/igpt/optimizer.ts';
import { ReferenceTrainer } from '../../workers/igpt/reference-trainer.ts';
import { freshState } from '../../workers/igpt/trainer.ts';
import type { Jax } from '../peers.ts';
import { tfjsOnWasm } from '../sides/devices.ts';
import { startJax } from '../sides/jaxjs.ts';
import { jaxTrainer } from '../sides/jaxjs-train.ts';
import { simdTrainer } from '../sides/simd.ts';
import { sideOf, warmedUp } from '../sides/trainer.ts';
import { weightsOf } from '../workload.ts';
import { contest } from './contest.ts';
import type { Context } from './suite.ts';

export async function trainWasm(context: Context): Promise<void> {
  const { platform, workload, effort } = context;
  const { config, batch, name } = workload;
  await contest(context, {
    place: { env: platform.env, adapter: 'WebAssembly SIMD' },
    what: 'First losses',
    ours: async () => warmedUp(sideOf(await simdTrainer(workload), workload), workload, effort, 'Ours on 1 thread.'),
    peers: {
      [`train-${name}-wasm-vs-jaxjs`]: async () => {
        const jax = await startJax((await platform.load('jax')) as Jax, 'wasm');
        return warmedUp(jaxTrainer(jax, workload), workload, effort, `Peer on ${platform.threads}.`);
      },
      [`train-${name}-wasm-vs-tfjs`]: async () => {
        await tfjsOnWasm(platform);
        const trainer = new ReferenceTrainer(config, batch, ADAMW, freshState(weightsOf(config)));
        return warmedUp(sideOf(trainer, workload), workload, effort, 'Peer on 1.');
      },
    },
  });
}
