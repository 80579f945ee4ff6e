/** Training on WebGPU: the engine's recorded plan against jax-js and against tfjs's ops; its share of the peak. */
import { adapterName } from '../../workers/contract.ts';
import type { OpenDevice } from '../../workers/engine/device.ts';
import { measuredPeak } from '../../workers/engine/peak.ts';
import { trainingFlops } from '../../workers/igpt/cost.ts';
import { ADAMW } from '../../workers/igpt/optimizer.ts';
import { ReferenceTrainer } from '../../workers/igpt/reference-trainer.ts';
import { freshState } from '../../workers/igpt/trainer.ts';
import { ONCE, sentence } from '../measure.ts';
import type { Jax } from '../peers.ts';
import { alone, compare, type Outcome, type Place, type Row } from '../rows.ts';
import { ownDevice, tfjsOnWebgpu } from '../sides/devices.ts';
import { engineTrainer } from '../sides/engine.ts';
import { startJax } from '../sides/jaxjs.ts';
import { jaxTrainer } from '../sides/jaxjs-train.ts';
import { byTheStep, sideOf, warmedUp } from '../sides/trainer.ts';
import { RATE, taskOfStep, type Workload, weightsOf } from '../workload.ts';
import { contest } from './contest.ts';
import type { Context } from './suite.ts';

export async function train(context: Context): Promise<void> {
  const { platform, workload, quick, wanted, begin, emit } = context;
  const { config, name } = workload;
  const open = await ownDevice(platform);
  const place = { env: platform.env, adapter: adapterName(open.info) };
  const inHaste = quick && open.software;
  const effort = inHaste ? { ...context.effort, warm: ONCE } : context.effort;
  const ours = await contest(context, {
    place,
    what: 'First losses',
    ours: async () => warmedUp(sideOf(await engineTrainer(open, workload), workload, open.trouble), workload, effort),
    peers: {
      [`train-${name}-vs-jaxjs`]: async () =>
        warmedUp(jaxTrainer(await startJax((await platform.load('jax')) as Jax, 'webgpu'), workload), workload, effort),
      [`train-${name}-vs-tfjs`]: async () => {
        const { trouble } = await tfjsOnWebgpu(platform);
        const trainer = (size: Workload) =>
          new ReferenceTrainer(config, size.batch, ADAMW, freshState(weightsOf(config)));
        const side = sideOf(trainer(workload), workload, trouble);
        if (!inHaste) return warmedUp(side, workload, effort);
        // A step takes so long that --quick cannot spare one: a picture warms the shaders up instead of a batch.
        const single = { ...workload, batch: 1 };
        await sideOf(trainer(single), single, trouble).step(0);
        return byTheStep(side, workload, 'Peer warmed up on one picture.');
      },
    },
  });
  if (wanted(`train-${name}-javascript`)) emit(await javascript(open, workload, place));
  const row = `train-${name}-share-of-peak`;
  if (!wanted(row)) return;
  const flops = trainingFlops(config, 'autoregressive');
  const reached: Outcome = 'value' in ours ? { value: (ours.value * flops) / 1e9 } : ours;
  try {
    begin();
    const { flops: most, size } = await measuredPeak(open.device);
    const how = `Peer is the device's measured peak: the best tile of ours on a product of ${size}³. Ours counts the products of the step, the causal half of attention, nothing twice.`;
    emit(compare(place, row, 'GFLOP/s', reached, { value: most / 1e9 }, how));
  } catch (error) {
    emit(compare(place, row, 'GFLOP/s', reached, { failure: sentence(error) }, ''));
  }
}

/** Steps of which the median counts. */
const JAVASCRIPT_STEPS = 15;

/** What a step costs the host before it is on its way: sorting, writing, encoding, submitting. */
async function javascript(open: OpenDevice, workload: Workload, place: Place): Promise<Row> {
  const { config, batch, name } = workload;
  const trainer = await engineTrainer(open, workload);
  const costs: number[] = [];
  for (let n = 0; n < JAVASCRIPT_STEPS; n++) {
    const task = taskOfStep(config, batch, n);
    const begun = performance.now();
    const metrics = trainer.step(task, RATE);
    costs.push(performance.now() - begun);
    await metrics;
  }
  trainer.dispose();
  const value = (1000 * costs.sort((a, b) => a - b)[JAVASCRIPT_STEPS >> 1]) / config.n_layer;
  const how = `Until the step is submitted, median of ${JAVASCRIPT_STEPS}; alone, without a peer.`;
  return alone(place, `train-${name}-javascript`, 'µs a step and layer', { value }, how);
}
