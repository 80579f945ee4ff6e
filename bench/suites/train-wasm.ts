/** Training on WebAssembly: our SIMD module against jax-js's threads and against tfjs's XNNPACK. */
import { ADAMW } from '../../workers/igpt/optimizer.ts';
import { ReferenceTrainer } from '../../workers/igpt/reference-trainer.ts';
import { freshState } from '../../workers/igpt/trainer.ts';
import type { Jax } from '../peers.ts';
import { compare } from '../rows.ts';
import { tfjsOnWasm } from '../sides/devices.ts';
import { startJax } from '../sides/jaxjs.ts';
import { jaxTrainer } from '../sides/jaxjs-train.ts';
import { simdTrainer } from '../sides/simd.ts';
import { sideOf, type TrainingSide } from '../sides/trainer.ts';
import { weightsOf } from '../workload.ts';
import type { Context } from './suite.ts';
import { trainingRates } from './train.ts';

export async function trainWasm(context: Context): Promise<void> {
  const { platform, workload, wanted, emit } = context;
  const { config, batch, name } = workload;
  const place = { env: platform.env, adapter: 'WebAssembly SIMD' };
  const row = (peer: string) => `train-${name}-wasm-vs-${peer}`;
  const peers: Record<string, () => Promise<TrainingSide>> = {
    jaxjs: async () => jaxTrainer(await startJax((await platform.load('jax')) as Jax, 'wasm'), workload),
    tfjs: async () => {
      await tfjsOnWasm(platform);
      return sideOf(new ReferenceTrainer(config, batch, ADAMW, freshState(weightsOf(config))), workload);
    },
  };
  const sides = {
    ours: async () => sideOf(await simdTrainer(workload), workload),
    ...Object.fromEntries(Object.entries(peers).filter(([peer]) => wanted(row(peer)))),
  };
  const results = await trainingRates(context, sides, () => 3);
  const threads: Record<string, number> = { jaxjs: platform.threads, tfjs: 1 };
  for (const peer of Object.keys(peers)) {
    const { outcome, note } = results.get(peer) ?? {};
    if (!outcome) continue;
    const how = `Threads: ours 1, peer ${threads[peer]}. ${note}`;
    emit(compare(place, row(peer), 'tokens/s', results.get('ours')!.outcome, outcome, how));
  }
}
