/** What the tests of the fast decoders share: drawings and settings to decode, and the reference's answer to them. */
import { expect } from 'vitest';
import { type Sampling, TOP_COLOURS, UNKNOWN } from '../contract.ts';
import { type Config, SOS, type Weights } from './config.ts';
import { decode } from './decode.ts';
import type { Decoder } from './decoder.ts';
import { taskOf } from './objectives.ts';
import { uniform } from './random.ts';
import { ImageGPT } from './reference.ts';
import { randomWeights } from './testing.ts';
import { freshState, type Trainer, type TrainerState } from './trainer.ts';

export const config: Config = {
  n_layer: 2,
  n_embd: 24,
  n_head: 3,
  n_positions: 64,
  n_colours: 20,
  layer_norm_epsilon: 1e-5,
};
export const weights = randomWeights(config, 3);
export const sampling: Sampling = { temperature: 1, topK: 0, topP: 1, seed: 7, variants: 3, lookAhead: false };
export const drawing = Int16Array.from({ length: 64 }, (_, i) => Math.floor(uniform(1, 2, i) * 20));
export const unknownWhere = (test: (i: number) => boolean) => drawing.map((t, i) => (test(i) ? UNKNOWN : t));

export const cases: [string, Int16Array, Partial<Sampling>][] = [
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

/** The same model, which also knows classes to begin with. */
export const begun: Config = { ...config, n_starts: 3 };
export const begunWeights = randomWeights(begun, 3);

export const begunCases: [string, Int16Array, Partial<Sampling>][] = [
  ['one class, a known top half', unknownWhere((i) => i >= 32), { starts: [1] }],
  ['classes in turn, nothing known', unknownWhere(() => true), { starts: [2, SOS] }],
  ['a class each, a known top half', unknownWhere((i) => i >= 32), { starts: [0, 1, 2] }],
  ['a class each, everything known', drawing, { starts: [0, 1, 2] }],
  ['one class, look-ahead', unknownWhere((i) => i % 8 < 4), { starts: [2], lookAhead: true, variants: 4 }],
];

type Decodes = Pick<Decoder, 'decode'>;

/** Everything that a decoder's updates say in the end, by pixel. */
export async function collect(decoder: Decodes, tokens: Int16Array, settings: Sampling) {
  const { variants } = settings;
  const T = tokens.length;
  const picture = new Int16Array(variants * T);
  const nll = new Float32Array(variants * T);
  const entropy = new Float32Array(variants * T);
  const topProbabilities = new Float32Array(variants * T * TOP_COLOURS);
  const steps = decoder.decode(tokens, settings, new AbortController().signal, async () => {});
  let step = await steps.next();
  while (!step.done) {
    const { from, to, ...u } = step.value;
    const m = to - from;
    for (let v = 0; v < variants; v++) {
      picture.set(u.tokens.subarray(v * m, (v + 1) * m), v * T + from);
      nll.set(u.nll.subarray(v * m, (v + 1) * m), v * T + from);
      entropy.set(u.entropy.subarray(v * m, (v + 1) * m), v * T + from);
      const top = u.topProbabilities.subarray(v * m * TOP_COLOURS, (v + 1) * m * TOP_COLOURS);
      topProbabilities.set(top, (v * T + from) * TOP_COLOURS);
    }
    step = await steps.next();
  }
  return { picture, nll, entropy, topProbabilities, resampled: step.value };
}

export type Collected = Awaited<ReturnType<typeof collect>>;

/** The reference's answer. */
export async function expected(c: Config, w: Weights, tokens: Int16Array, settings: Sampling): Promise<Collected> {
  const model = new ImageGPT(c, w);
  const answer = await collect({ decode: (...args) => decode(model, ...args) }, tokens, settings);
  model.dispose();
  return answer;
}

/** Fails where a decoder's likelihoods differ from the expected ones by `tolerance` or more. */
export function expectLikelihoods(found: Collected, wanted: Collected, tolerance: number): void {
  for (const key of ['nll', 'entropy', 'topProbabilities'] as const) {
    const differences = wanted[key].map((x, i) => Math.abs(x - found[key][i]));
    expect(Math.max(...differences), key).toBeLessThan(tolerance);
  }
}

/** Fails unless a decoder gives the reference's picture and likelihoods, twice the same. */
export async function expectAsReference(
  decoder: Decodes,
  c: Config,
  w: Weights,
  tokens: Int16Array,
  settings: Sampling,
): Promise<void> {
  const wanted = await expected(c, w, tokens, settings);
  const found = await collect(decoder, tokens, settings);
  expect(found.picture).toEqual(wanted.picture);
  expect(found.resampled).toBe(wanted.resampled);
  expectLikelihoods(found, wanted, 1e-4);
  expect(await collect(decoder, tokens, settings)).toEqual(found);
}

/** Fails unless a trainer's decoder draws by the weights as they are at each call. */
export async function expectLive(
  make: (config: Config, batch: number, state: TrainerState) => Promise<Trainer>,
  c: Config = config,
  batch = 2,
): Promise<void> {
  const trainer = await make(c, batch, freshState(randomWeights(c, 3)));
  const decoder = await trainer.decoder(sampling.variants);
  expect(decoder.variants).toBe(sampling.variants);
  const T = c.n_positions;
  const pictures = Int16Array.from({ length: batch * T }, (_, i) => Math.floor(uniform(1, 2, i) * c.n_colours));
  const tokens = pictures.slice(0, T).fill(UNKNOWN, T / 2);
  let former: Collected | undefined;
  for (let step = 0; step < 3; step++) {
    const found = await collect(decoder, tokens, sampling);
    const { weights: now } = await trainer.state();
    expectLikelihoods(found, await expected(c, now, tokens, sampling), 1e-4);
    expect(found).not.toEqual(former);
    former = found;
    await trainer.step(taskOf('autoregressive', pictures, c, 1, step), 1e-2);
  }
  decoder.dispose();
  trainer.dispose();
}
