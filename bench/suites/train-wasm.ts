/** Training on WebAssembly: ours against jax-js's threads and against tfjs's XNNPACK. */
import { ADAMW } from '../../workers/igpt/optimizer.ts';
import { ReferenceTrainer } from '../../workers/igpt/reference-trainer.ts';
import { freshState } from '../../workers/igpt/trainer.ts';
import type { Jax } from '../peers.ts';
import { compare } from '../rows.ts';
import { tfjsOnWasm } from '../sides/devices.ts';
import { startJax } from '../sides/jaxjs.ts';
import { jaxTrainer } from '../sides/jaxjs-train.ts';
import { simdTrainer } from '../sides/simd.ts';
import { sideOf } from '../sides/trainer.ts';
import { weightsOf } from '../workload.ts';
import type { Context } from './suite.ts';
import { trainingRates } from './train.ts';

export async function trainWasm(context: Context): Promise<void> {
  const { platform, workload, wanted, emit } = context;
  const { config, batch, name } = workload;
  const place = { env: platform.env, adapter: 'WebAssembly SIMD' };
  const tfjs = async () => {
    await tfjsOnWasm(platform);
    return sideOf(new ReferenceTrainer(config, batch, ADAMW, freshState(weightsOf(config))), workload);
  };
  const simd = simdTrainer();
  const results = await trainingRates(
    context,
    {
      ours: simd ? async () => sideOf(await simd(workload), workload) : tfjs,
      jaxjs: async () => jaxTrainer(await startJax((await platform.load('jax')) as Jax, 'wasm'), workload),
      ...(simd ? { tfjs } : {}),
    },
    () => 3,
  );
  const threads = { jaxjs: platform.threads, tfjs: 1 };
  for (const peer of ['jaxjs', 'tfjs'] as const) {
    if (!wanted(`train-${name}-wasm-vs-${peer}`)) continue;
    const { outcome, note } = results.get(peer) ?? { outcome: { failure: SAME }, note: '' };
    const how = `${simd ? 'Ours: the SIMD module' : 'Ours: the reference on tfjs, until there is a module of our own'}; 1 thread, peer ${threads[peer]}. ${note}`;
    emit(compare(place, `train-${name}-wasm-vs-${peer}`, 'tokens/s', results.get('ours')!.outcome, outcome, how));
  }
}

const SAME = 'it is what ours runs on, until there is a module of our own.';
