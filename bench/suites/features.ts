/**
 * What a probe reads of a model, against the forward pass of training on the same pictures: features leave out the head and
 * the loss and add up every norm's output, so they should not be the slower by much.
 */
import { adapterName } from '../../workers/contract.ts';
import type { Trainer } from '../../workers/igpt/trainer.ts';
import { inTurn, sentence, settled, timed } from '../measure.ts';
import { compare, type Place } from '../rows.ts';
import { ownDevice } from '../sides/devices.ts';
import { engineTrainer } from '../sides/engine.ts';
import { simdTrainer } from '../sides/simd.ts';
import { taskOfStep } from '../workload.ts';
import type { Context } from './suite.ts';

export async function features(context: Context): Promise<void> {
  const { platform, workload } = context;
  const open = await ownDevice(platform);
  const place = { env: platform.env, adapter: adapterName(open.info) };
  await against(context, place, `features-${workload.name}-vs-forward`, () => engineTrainer(open, workload));
}

export async function featuresWasm(context: Context): Promise<void> {
  const { platform, workload } = context;
  const place = { env: platform.env, adapter: 'WebAssembly SIMD' };
  await against(context, place, `features-${workload.name}-wasm-vs-forward`, () => simdTrainer(workload));
}

async function against(context: Context, place: Place, row: string, open: () => Promise<Trainer>): Promise<void> {
  const { workload, effort, begin, emit } = context;
  const { config, batch } = workload;
  const work = batch * config.n_positions;
  try {
    begin();
    const trainer = await open();
    const read = await trainer.features('autoregressive');
    const task = taskOfStep(config, batch, 0);
    const tokens = Int16Array.from(task.targets); // what is to be foreseen are the pictures themselves
    const sides = [
      { name: 'features', sample: () => timed(work, () => read.of(tokens)) },
      { name: 'forward', sample: () => timed(work, () => trainer.measure(task)) },
    ];
    for (const { sample } of sides) await settled(sample, effort.warm);
    const found = await inTurn(sides, effort);
    const [ours, peer] = [found.get('features')!, found.get('forward')!];
    const how = `Peer is the forward pass of training, of ${batch} pictures too. Median of ${ours.samples} and ${peer.samples}.`;
    emit(compare(place, row, 'tokens/s', ours.outcome, peer.outcome, how));
    read.dispose();
    trainer.dispose();
  } catch (error) {
    const failure = { failure: sentence(error) };
    emit(compare(place, row, 'tokens/s', failure, failure, ''));
  }
}
