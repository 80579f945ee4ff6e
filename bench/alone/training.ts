/** Training steps: tokens a second, share of the device's measured peak, and what a step costs the host. */
import { measuredPeak, type Peak } from '../../workers/engine/peak.ts';
import { EngineTrainer } from '../../workers/engine/trainer.ts';
import { trainingTuning } from '../../workers/engine/training-tuning.ts';
import { trainingFlops } from '../../workers/igpt/cost.ts';
import { ADAMW } from '../../workers/igpt/optimizer.ts';
import { freshState } from '../../workers/igpt/trainer.ts';
import { inTurn, median, sentence, timed } from '../measure.ts';
import { alone, compare, shown } from '../rows.ts';
import { warmedUp } from '../sides/trainer.ts';
import { RATE, taskOfStep } from '../workload.ts';
import { type Bench, someWeights } from './bench.ts';
import type { Precision, Size } from './options.ts';
import { tileName } from './products.ts';

/** Batches that are taken by turns: making one takes the host longer than a step takes a GPU. */
const TASKS = 4;
/** Steps of which the median counts as the host's time. */
const HOST_STEPS = 15;

export async function training(bench: Bench, precisions: Precision[]): Promise<void> {
  const { device, software } = bench.open;
  const peak = software ? undefined : await measuredPeak(device);
  if (peak) {
    const how = `The best tile on a product of ${peak.size}³, in f32.`;
    bench.emit(alone(bench.place, 'peak', 'GFLOP/s', { value: peak.flops / 1e9 }, how));
  }
  for (const size of bench.options.sizes) {
    for (const precision of precisions) await steps(bench, size, precision, peak);
  }
}

/** The trainer that the page would make on this device, with the tiles that its tuning chose. */
export async function trainerOf({ open }: Bench, { config, batch }: Size, precision: Precision) {
  const half = precision === 'f16';
  const tuning = await trainingTuning(open, config.n_embd, batch * config.n_positions, undefined, half);
  const state = freshState(someWeights(config));
  return { trainer: await EngineTrainer.create(open.device, config, batch, ADAMW, state, { tuning, half }), tuning };
}

async function steps(bench: Bench, size: Size, precision: Precision, peak?: Peak): Promise<void> {
  const { open, place, options, emit } = bench;
  const { config, batch } = size;
  const name = `train-${size.name}-${precision}`;
  try {
    const begun = performance.now();
    const { trainer, tuning } = await trainerOf(bench, size, precision);
    const readyAfter = performance.now() - begun;
    const tasks = Array.from({ length: TASKS }, (_, n) => taskOfStep(config, batch, n));
    const step = async (n: number) => {
      const metrics = await trainer.step(tasks[n % TASKS], RATE);
      const trouble = open.trouble();
      if (trouble) throw new Error(trouble);
      return metrics;
    };
    const milliseconds = 1000 * options.seconds;
    const effort = { rounds: 5, milliseconds, warm: { least: milliseconds / 5, most: milliseconds } };
    const workload = { name, config, batch, variants: 0, given: 0 };
    const { sample, values } = await warmedUp({ step }, workload, effort);
    const { outcome, samples } = (await inTurn([{ name, sample }], effort)).get(name)!;
    const tokens = batch * config.n_positions;
    const rate = 'value' in outcome ? outcome.value : Number.NaN;
    const { nn, nt, tn } = tuning.tiles;
    const how = [
      `${shown((1000 * tokens) / rate)} ms a step, ${trainer.stepPlan.length} dispatches, ${shown(trainer.bytes / 1e6)} MB.`,
      `Tiles ${[nn, nt, tn].map(tileName).join(', ')}; chosen and compiled in ${shown(readyAfter / 1000)} s.`,
      `First losses ${values.map((x) => x.toFixed(4)).join(', ')}. Median of ${samples}.`,
    ].join(' ');
    emit(alone(place, name, 'tokens/s', outcome, how));
    const reached = { value: (rate * trainingFlops(config, 'autoregressive')) / 1e9 };
    const most = peak ? { value: peak.flops / 1e9 } : { failure: 'a software adapter is not measured.' };
    const counted =
      'Peer is the measured peak in f32. Ours counts the products of the step, the causal half of attention.';
    emit(compare(place, `${name}-share-of-peak`, 'GFLOP/s', reached, most, counted));
    const host: number[] = [];
    for (let n = 0; n < HOST_STEPS; n++) {
      const before = performance.now();
      const metrics = step(n);
      host.push(performance.now() - before);
      await metrics;
    }
    const encoded = await timed(1, async () => trainer.stepPlan.record(open.device.createCommandEncoder()));
    const share = `Until the step is submitted, median of ${HOST_STEPS}; encoding it alone took ${shown(1000 * encoded.milliseconds)} µs.`;
    emit(alone(place, `${name}-javascript`, 'µs a step', { value: 1000 * median(host) }, share));
    trainer.dispose();
  } catch (error) {
    emit(alone(place, name, 'tokens/s', { failure: sentence(error) }, ''));
  }
}
