/** Training on WebGPU: the engine's recorded plan against tfjs's ops and against jax-js. */
import { adapterName } from '../../workers/engine/device.ts';
import { ADAMW } from '../../workers/igpt/optimizer.ts';
import { ReferenceTrainer } from '../../workers/igpt/reference-trainer.ts';
import { freshState } from '../../workers/igpt/trainer.ts';
import { inTurn, sentence } from '../measure.ts';
import type { Jax } from '../peers.ts';
import { compare, largestDifference, type Outcome, voided } from '../rows.ts';
import { ownDevice, tfjsOnWebgpu } from '../sides/devices.ts';
import { engineTrainer } from '../sides/engine.ts';
import { startJax } from '../sides/jaxjs.ts';
import { jaxTrainer } from '../sides/jaxjs-train.ts';
import { measuredPeak } from '../sides/peak.ts';
import { sideOf, type TrainingSide, type Warm, warmedUp } from '../sides/trainer.ts';
import { trainingFlops, weightsOf } from '../workload.ts';
import type { Context } from './suite.ts';

export async function train(context: Context): Promise<void> {
  const { platform, workload, quick, wanted, emit } = context;
  const { config, batch, name } = workload;
  const open = await ownDevice(platform);
  const place = { env: platform.env, adapter: adapterName(open.info) };
  const row = (end: string) => `train-${name}-${end}`;
  const peers: Record<string, () => Promise<TrainingSide>> = {
    jaxjs: async () => jaxTrainer(await startJax((await platform.load('jax')) as Jax, 'webgpu'), workload),
    tfjs: async () => {
      const { trouble } = await tfjsOnWebgpu(platform);
      return sideOf(new ReferenceTrainer(config, batch, ADAMW, freshState(weightsOf(config))), workload, trouble);
    },
  };
  const sides = {
    ours: async () => sideOf(await engineTrainer(open, workload), workload, open.trouble),
    ...Object.fromEntries(Object.entries(peers).filter(([peer]) => wanted(row(`vs-${peer}`)))),
  };
  // tfjs's steps are so slow on a software adapter that --quick takes one of them as warm-up instead of three.
  const results = await trainingRates(context, sides, (side) => (quick && side === 'tfjs' ? 1 : 3));
  for (const peer of Object.keys(peers)) {
    const { outcome, note } = results.get(peer) ?? {};
    if (outcome) emit(compare(place, row(`vs-${peer}`), 'tokens/s', results.get('ours')!.outcome, outcome, note!));
  }
  if (!wanted(row('share-of-peak'))) return;
  const ours = results.get('ours')!.outcome;
  const flops = trainingFlops(workload) / (batch * config.n_positions);
  const reached: Outcome = 'value' in ours ? { value: (ours.value * flops) / 1e9 } : ours;
  const peak = await measuredPeak(open.device).catch((error) => ({ failure: sentence(error) }));
  const limit = 'failure' in peak ? peak : { value: peak.gflops };
  const how =
    'failure' in peak
      ? ''
      : `Peer is the device's measured peak: the best tile of ours on a product of ${peak.size}³. Ours counts the products of the step, the causal half of attention, nothing twice.`;
  emit(compare(place, row('share-of-peak'), 'GFLOP/s', reached, limit, how));
}

/** Later losses may differ by more: rounding grows from step to step. */
const COMPARED = 3;

export interface Trained {
  outcome: Outcome;
  note: string;
}

/**
 * Builds and warms up every side, then measures them in turn. A peer whose first losses differ from ours by more than
 * 1e-3 nats has no number.
 */
export async function trainingRates(
  { workload, effort, begin, log }: Context,
  sides: Record<string, () => Promise<TrainingSide>>,
  warmUp: (side: string) => number,
): Promise<Map<string, Trained>> {
  const warm = new Map<string, Warm>();
  const failed = new Map<string, string>();
  for (const [name, make] of Object.entries(sides)) {
    try {
      begin();
      warm.set(name, await warmedUp(await make(), workload, warmUp(name)));
      log(
        `${name}: first losses ${warm
          .get(name)!
          .losses.map((x) => x.toFixed(4))
          .join(', ')}`,
      );
    } catch (error) {
      failed.set(name, sentence(error));
      log(`${name}: ${failed.get(name)}`);
    }
  }
  const measured = await inTurn(
    [...warm].map(([name, { sample }]) => ({ name, sample })),
    effort,
  );
  return new Map(
    Object.keys(sides).map((name) => {
      const result = measured.get(name);
      if (!result) return [name, { outcome: { failure: failed.get(name)! }, note: '' }];
      log(`${name}: ${'value' in result.outcome ? result.outcome.value.toFixed(1) : result.outcome.failure} tokens/s`);
      const reference = warm.get('ours')?.losses;
      const { losses } = warm.get(name)!;
      const count = Math.min(COMPARED, reference?.length ?? 0, losses.length);
      const difference = count ? largestDifference(reference!.slice(0, count), losses) : Number.NaN;
      const agreed = `The first ${count} losses agree within ${difference.toPrecision(1)} nats.`;
      const samples = `Median of ${result.samples} (ours ${measured.get('ours')?.samples ?? 0}).`;
      return [
        name,
        { outcome: voided(result.outcome, difference, 1e-3, 'first losses'), note: `${agreed} ${samples}` },
      ];
    }),
  );
}
