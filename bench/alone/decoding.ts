/** Completing half-pictures: all of it, and what a step of one token takes. */
import { UNKNOWN } from '../../workers/contract.ts';
import { EngineDecoder } from '../../workers/engine/decoder.ts';
import { makeBuffers, recordStep } from '../../workers/engine/decoder-plan.ts';
import { type DecoderParameters, HalfParameters } from '../../workers/engine/half-parameters.ts';
import { Parameters } from '../../workers/engine/parameters.ts';
import { tuningFor } from '../../workers/engine/tuning.ts';
import { sideOf } from '../../workers/igpt/config.ts';
import { median, sentence, timed } from '../measure.ts';
import { alone, shown } from '../rows.ts';
import { picture } from '../workload.ts';
import { type Bench, someWeights } from './bench.ts';
import type { Precision, Size } from './options.ts';

/** Completions of which the median counts, at most. */
const ROUNDS = 5;

export async function decoding(bench: Bench, precisions: Precision[]): Promise<void> {
  for (const size of bench.options.sizes) {
    for (const precision of precisions) await completions(bench, size, precision);
  }
}

export async function parametersOf(
  { open }: Bench,
  { config }: Size,
  precision: Precision,
): Promise<DecoderParameters> {
  const whole = new Parameters(open.device, config, someWeights(config));
  return precision === 'f16' ? HalfParameters.of(open.device, whole) : whole;
}

/** One token of every variant as a plan, on buffers of its own, and how to say at which position. */
export async function tokenStep({ open, options }: Bench, { config }: Size, parameters: DecoderParameters) {
  const { device, software } = open;
  const { variants } = options;
  const buffers = makeBuffers(device, config, variants, parameters.half);
  const plan = await recordStep(device, parameters, buffers, variants, 1, variants, tuningFor(software).decoding);
  const first = new Array(variants).fill(config.n_colours); // the start symbol
  const moveTo = (position: number) => device.queue.writeBuffer(buffers.state, 0, Uint32Array.of(position, ...first));
  return { plan, moveTo };
}

async function completions(bench: Bench, size: Size, precision: Precision): Promise<void> {
  const { open, place, options, emit } = bench;
  const { config } = size;
  const { variants } = options;
  const name = `decode-${size.name.replace(/-b\d+$/, '')}-v${variants}-${precision}`;
  try {
    const parameters = await parametersOf(bench, size, precision);
    const begun = performance.now();
    const decoder = await EngineDecoder.create(open.device, parameters, variants, tuningFor(open.software).decoding);
    const readyAfter = performance.now() - begun;
    const given = config.n_positions / 2;
    const known = picture(config, 7).map((token, i) => (i < given ? token : UNKNOWN));
    const settings = { temperature: 1, topK: 0, topP: 1, seed: 5, variants, lookAhead: false };
    const whole: number[] = [];
    const unknown: number[] = [];
    const complete = async () => {
      const start = performance.now();
      const rows = decoder.decode(known, settings, new AbortController().signal, async () => {});
      await rows.next();
      const half = performance.now();
      while (!(await rows.next()).done);
      const end = performance.now();
      const trouble = open.trouble();
      if (trouble) throw new Error(trouble);
      whole.push(end - start);
      unknown.push(end - half);
    };
    await complete(); // warms up
    const warm = whole.pop()!;
    unknown.pop();
    while (whole.length === 0 || (whole.length < ROUNDS && whole[0] * whole.length < 1000 * options.seconds)) {
      await complete();
    }
    const { plan } = await tokenStep(bench, size, parameters);
    const side = sideOf(config);
    const encoded = await timed(1, async () => plan.record(open.device.createCommandEncoder(), side));
    const prefill = median(whole) - median(unknown);
    const how = [
      `${variants} pictures of which half is given, of ${given} pixels each: ${shown(prefill)} ms of it.`,
      `${shown(decoder.bytes / 1e6)} MB, compiled in ${shown(readyAfter / 1000)} s, the first took ${shown(warm)} ms. Median of ${whole.length}.`,
    ].join(' ');
    emit(alone(place, name, 'ms', { value: median(whole) }, how));
    const steps = `One pixel of ${variants} pictures, read back by rows. ${plan.length} dispatches; encoding one takes ${shown((1000 * encoded.milliseconds) / side)} µs of JavaScript.`;
    emit(
      alone(
        place,
        `${name}-token`,
        'µs a token step',
        { value: (1000 * median(unknown)) / (config.n_positions - given) },
        steps,
      ),
    );
    decoder.dispose();
  } catch (error) {
    emit(alone(place, name, 'ms', { failure: sentence(error) }, ''));
  }
}
