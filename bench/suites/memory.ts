/** GPU memory: the sum of the buffers that live at once, counted where they are created. */
import { adapterName } from '../../workers/contract.ts';
import { ADAMW } from '../../workers/igpt/optimizer.ts';
import { ReferenceTrainer } from '../../workers/igpt/reference-trainer.ts';
import { freshState } from '../../workers/igpt/trainer.ts';
import { sentence } from '../measure.ts';
import { alone, compare, type Outcome, type Place } from '../rows.ts';
import { ownDevice, tfjsOnWebgpu } from '../sides/devices.ts';
import { engineDecoder, engineTrainer } from '../sides/engine.ts';
import { meter } from '../sides/memory.ts';
import { RATE, taskOfStep, type Workload, weightsOf } from '../workload.ts';
import type { Context } from './suite.ts';

export async function memory(context: Context): Promise<void> {
  const { platform, workload, wanted, emit } = context;
  const { config, batch, name } = workload;
  const { info, device } = await ownDevice(platform);
  device.destroy();
  const place: Place = { env: platform.env, adapter: adapterName(info) };
  const training = (size: Workload) => outcomeOf(() => trainingBytes(context, size));

  if (wanted(`memory-train-${name}-vs-tfjs`)) {
    const peer = await outcomeOf(() => tfjsBytes(context));
    const how = 'Peak of one training step, parameters and moments included; less is better.';
    emit(compare(place, `memory-train-${name}-vs-tfjs`, 'MB', await training(workload), peer, how, 'less'));
  }
  if (wanted(`memory-decode-${name}`)) {
    const ours = await outcomeOf(() => decodingBytes(context));
    const how = `${workload.variants} variants, parameters included; alone, without a peer.`;
    emit(alone(place, `memory-decode-${name}`, 'MB', ours, how));
  }
  const layers = [2, 4, 8].map((n_layer): Workload => ({ ...workload, config: { ...config, n_layer } }));
  const batches = [1, 2, 4].map((factor): Workload => ({ ...workload, batch: (batch / 2) * factor }));
  for (const [what, list] of [
    ['layers', layers],
    ['batch', batches],
  ] as const) {
    const row = `memory-train-linear-in-${what}`;
    if (!wanted(row)) continue;
    const points: Outcome[] = [];
    for (const size of list) points.push(await training(size));
    const values = points.map((p) => ('value' in p ? p.value : Number.NaN));
    const at = list.map((size) => (what === 'layers' ? size.config.n_layer : size.batch));
    const line = values[0] + ((values[2] - values[0]) * (at[1] - at[0])) / (at[2] - at[0]);
    const text = at.map((x, i) => `${x}: ${values[i].toFixed(1)}`).join(', ');
    const how = `MB by ${what}: ${text}. Peer is where the middle one would lie on the line through the others.`;
    emit(compare(place, row, 'MB', points[1], { value: line }, how, 'less'));
  }
}

async function outcomeOf(measure: () => Promise<number>): Promise<Outcome> {
  try {
    return { value: (await measure()) / 1e6 };
  } catch (error) {
    return { failure: sentence(error) };
  }
}

async function trainingBytes({ platform }: Context, workload: Workload): Promise<number> {
  const open = await ownDevice(platform);
  const { peak } = meter(open.device);
  const trainer = await engineTrainer(open, workload);
  await trainer.step(taskOfStep(workload.config, workload.batch, 0), RATE);
  open.device.destroy();
  return peak();
}

async function decodingBytes({ platform, workload }: Context): Promise<number> {
  const open = await ownDevice(platform);
  const { peak } = meter(open.device);
  await engineDecoder(open, workload);
  open.device.destroy();
  return peak();
}

/** tfjs keeps freed buffers for later use, so what it has created is what it occupies. */
async function tfjsBytes({ platform, workload }: Context): Promise<number> {
  const { config, batch } = workload;
  const { device } = await tfjsOnWebgpu(platform);
  const { peak } = meter(device);
  const trainer = new ReferenceTrainer(config, batch, ADAMW, freshState(weightsOf(config)));
  await trainer.step(taskOfStep(config, batch, 0), RATE);
  trainer.dispose();
  return peak();
}
