/** The recorded decoder against the reference: the same seed must give the same picture and the same likelihoods. */
import { beforeAll, describe, expect } from 'vitest';
import { type CompletionUpdate, type Sampling, TOP_COLOURS, UNKNOWN } from '../contract.ts';
import type { Config } from '../igpt/config.ts';
import { decode } from '../igpt/decode.ts';
import { particleCount } from '../igpt/look-ahead.ts';
import { uniform } from '../igpt/random.ts';
import { ImageGPT } from '../igpt/reference.ts';
import { randomWeights, useWasm } from '../igpt/testing.ts';
import { Decoder } from './decoder.ts';
import { HalfParameters } from './half-parameters.ts';
import { gpuTest } from './kernels/testing.ts';
import { Parameters } from './parameters.ts';
import { GPU_TUNING, SOFTWARE_TUNING } from './tuning.ts';

const config: Config = { n_layer: 2, n_embd: 24, n_head: 3, n_positions: 64, n_colours: 20, layer_norm_epsilon: 1e-5 };
const weights = randomWeights(config, 3);
const sampling: Sampling = { temperature: 1, topK: 0, topP: 1, seed: 7, variants: 3, lookAhead: false };
const drawing = Int16Array.from({ length: 64 }, (_, i) => Math.floor(uniform(1, 2, i) * 20));
const unknownWhere = (test: (i: number) => boolean) => drawing.map((t, i) => (test(i) ? UNKNOWN : t));

beforeAll(useWasm);

type Decode = (tokens: Int16Array, s: Sampling) => AsyncGenerator<CompletionUpdate, number>;

/** Everything that the updates say in the end, by pixel. */
async function collect(decodeIt: Decode, tokens: Int16Array, settings: Sampling) {
  const { variants } = settings;
  const picture = new Int16Array(variants * 64);
  const nll = new Float32Array(variants * 64);
  const entropy = new Float32Array(variants * 64);
  const topProbabilities = new Float32Array(variants * 64 * TOP_COLOURS);
  const steps = decodeIt(tokens, settings);
  let step = await steps.next();
  while (!step.done) {
    const { from, to, ...u } = step.value;
    const m = to - from;
    for (let v = 0; v < variants; v++) {
      picture.set(u.tokens.subarray(v * m, (v + 1) * m), v * 64 + from);
      nll.set(u.nll.subarray(v * m, (v + 1) * m), v * 64 + from);
      entropy.set(u.entropy.subarray(v * m, (v + 1) * m), v * 64 + from);
      const top = u.topProbabilities.subarray(v * m * TOP_COLOURS, (v + 1) * m * TOP_COLOURS);
      topProbabilities.set(top, (v * 64 + from) * TOP_COLOURS);
    }
    step = await steps.next();
  }
  return { picture, nll, entropy, topProbabilities, resampled: step.value };
}

const cases: [string, Int16Array, Partial<Sampling>][] = [
  ['a known top half', unknownWhere((i) => i >= 32), {}],
  ['nothing known', unknownWhere(() => true), {}],
  ['everything known', drawing, {}],
  ['scattered pixels known, temperature 0.7', unknownWhere((i) => uniform(5, 5, i) < 0.6), { temperature: 0.7 }],
  ['temperature 0', unknownWhere((i) => i >= 32), { temperature: 0 }],
  ['top-k 4', unknownWhere((i) => i >= 32), { topK: 4 }],
  ['top-p 0.7', unknownWhere((i) => i >= 32), { topP: 0.7 }],
  ['top-k, top-p and temperature', unknownWhere((i) => i >= 32), { topK: 6, topP: 0.8, temperature: 1.3 }],
  ['look-ahead with resampling', unknownWhere((i) => i % 8 < 4), { lookAhead: true, variants: 4 }],
];

describe.each([
  ['a GPU', GPU_TUNING.decoding],
  ['a software adapter', SOFTWARE_TUNING.decoding],
])('the recorded decoder, tuned for %s', (_, tuning) => {
  for (const [name, tokens, settings] of cases) {
    gpuTest(`draws what the reference draws: ${name}`, async (device) => {
      const wanted = { ...sampling, ...settings };
      const signal = new AbortController().signal;
      const reference = new ImageGPT(config, weights);
      const parameters = new Parameters(device, config, weights);
      const decoder = await Decoder.create(device, parameters, particleCount(wanted), tuning);
      const expected = await collect((t, s) => decode(reference, t, s, signal, async () => {}), tokens, wanted);
      const found = await collect((t, s) => decoder.decode(t, s, signal, async () => {}), tokens, wanted);
      const again = await collect((t, s) => decoder.decode(t, s, signal, async () => {}), tokens, wanted);
      expect(found.picture).toEqual(expected.picture);
      expect(found.resampled).toBe(expected.resampled);
      for (const key of ['nll', 'entropy', 'topProbabilities'] as const) {
        let worst = 0;
        expected[key].forEach((x, i) => {
          worst = Math.max(worst, Math.abs(x - found[key][i]));
        });
        expect(worst, key).toBeLessThan(1e-4);
      }
      expect(again).toEqual(found);
      decoder.dispose();
      parameters.dispose();
      reference.dispose();
    });
  }
});

gpuTest(
  'in f16, tells the likelihoods of the reference within a hundredth, and draws the same picture twice',
  async (device) => {
    if (!device.features.has('shader-f16')) return;
    const wanted = { ...sampling, variants: 2 };
    const signal = new AbortController().signal;
    const reference = new ImageGPT(config, weights);
    const whole = new Parameters(device, config, weights);
    const half = await HalfParameters.of(device, whole);
    whole.dispose();
    const decoder = await Decoder.create(device, half, 2, { rows: 2, lanes: 1, colourLanes: 1 });
    const run = (tokens: Int16Array) => collect((t, s) => decoder.decode(t, s, signal, async () => {}), tokens, wanted);
    // Everything is known, so that rounding cannot lead to another picture.
    const expected = await collect((t, s) => decode(reference, t, s, signal, async () => {}), drawing, wanted);
    const found = await run(drawing);
    for (const key of ['nll', 'entropy', 'topProbabilities'] as const) {
      expect(Math.max(...expected[key].map((x, i) => Math.abs(x - found[key][i]))), key).toBeLessThan(1e-2);
    }
    const blank = unknownWhere(() => true);
    expect(await run(blank)).toEqual(await run(blank));
    decoder.dispose();
    half.dispose();
    reference.dispose();
  },
);
