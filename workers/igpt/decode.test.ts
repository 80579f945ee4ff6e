import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CompletionUpdate, type Sampling, TOP_COLOURS, UNKNOWN } from '../contract.ts';
import { BadInput } from '../errors.ts';
import { type Config, SOS } from './config.ts';
import { decode } from './decode.ts';
import { collect } from './decoder-cases.ts';
import { nll } from './likelihood.ts';
import { uniform } from './random.ts';
import { ImageGPT } from './reference.ts';
import { randomWeights, useWasm } from './testing.ts';

const config: Config = { n_layer: 2, n_embd: 24, n_head: 3, n_positions: 64, n_colours: 20, layer_norm_epsilon: 1e-5 };
const sampling: Sampling = { temperature: 1, topK: 0, topP: 1, seed: 7, variants: 3, lookAhead: false };
const drawing = Int16Array.from({ length: 64 }, (_, i) => Math.floor(uniform(1, 2, i) * 20));
const unknownWhere = (test: (i: number) => boolean) => drawing.map((t, i) => (test(i) ? UNKNOWN : t));
const topHalf = unknownWhere((i) => i >= 32);

let model: ImageGPT;
beforeAll(async () => {
  await useWasm();
  model = new ImageGPT(config, randomWeights(config, 3));
});

async function run(tokens: Int16Array, settings: Partial<Sampling> = {}, signal = new AbortController().signal) {
  const { variants } = { ...sampling, ...settings };
  const updates: CompletionUpdate[] = [];
  const picture = new Int16Array(variants * 64).fill(UNKNOWN);
  const surprise = new Float32Array(variants * 64);
  const steps = decode(model, tokens, { ...sampling, ...settings }, signal, async () => {});
  let step = await steps.next();
  while (!step.done) {
    const { from, to } = step.value;
    updates.push(step.value);
    for (let v = 0; v < variants; v++) {
      picture.set(step.value.tokens.subarray(v * (to - from), (v + 1) * (to - from)), v * 64 + from);
      surprise.set(step.value.nll.subarray(v * (to - from), (v + 1) * (to - from)), v * 64 + from);
    }
    step = await steps.next();
  }
  return { picture, surprise, updates, resampled: step.value };
}

describe('the cached decoder', () => {
  const masks: [string, Int16Array][] = [
    ['a known top half', topHalf],
    ['nothing known', unknownWhere(() => true)],
    ['everything known', drawing],
    ['scattered pixels known', unknownWhere((i) => uniform(5, 5, i) < 0.6)],
    ['a known bottom half', unknownWhere((i) => i < 32)],
    ['a first unknown pixel in the middle of a row', unknownWhere((i) => i > 12 && i < 40)],
  ];
  it.each(masks)('gives the likelihoods of the full forward pass, with %s', async (_, tokens) => {
    const { picture, surprise } = await run(tokens);
    const full = await nll(model, picture);
    for (let i = 0; i < full.length; i++) expect(Math.abs(surprise[i] - full[i])).toBeLessThan(1e-4);
  });

  it.each(masks)('keeps known pixels to the bit, with %s', async (_, tokens) => {
    const { picture } = await run(tokens);
    for (let i = 0; i < picture.length; i++) {
      if (tokens[i % 64] !== UNKNOWN) expect(picture[i]).toBe(tokens[i % 64]);
      expect(picture[i]).toBeGreaterThanOrEqual(0);
    }
  });

  it('gives the same picture for the same seed, another for another, and differing variants', async () => {
    const first = (await run(topHalf)).picture;
    expect((await run(topHalf)).picture).toEqual(first);
    expect((await run(topHalf, { seed: 8 })).picture).not.toEqual(first);
    expect(first.slice(0, 64)).not.toEqual(first.slice(64, 128));
  });

  it('draws a variant independently of how many stand beside it', async () => {
    const three = (await run(topHalf)).picture;
    expect((await run(topHalf, { variants: 1 })).picture).toEqual(three.slice(0, 64));
  });

  it('takes the likeliest colour everywhere at temperature 0', async () => {
    const { updates } = await run(topHalf, { temperature: 0 });
    for (const u of updates.filter((u) => u.from >= 32)) {
      u.tokens.forEach((t, i) => {
        expect(t).toBe(u.topColours[i * TOP_COLOURS]);
      });
    }
  });

  it('stops within a row when cancelled', async () => {
    const stop = new AbortController();
    const steps = decode(model, topHalf, sampling, stop.signal, async () => {});
    await steps.next();
    stop.abort();
    await expect(steps.next()).rejects.toThrow('Stopped.');
  });

  it('leaves no tensor behind, finished or cancelled', async () => {
    await run(topHalf, { lookAhead: true });
    const before = tf.memory().numTensors;
    await run(topHalf, { lookAhead: true });
    const stop = new AbortController();
    stop.abort();
    await expect(run(topHalf, {}, stop.signal)).rejects.toThrow('Stopped.');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a drawing of another size or palette', async () => {
    await expect(run(new Int16Array(10))).rejects.toThrow('has 10 pixels');
    await expect(run(new Int16Array(64).fill(20))).rejects.toThrow('palette has 20 colours');
  });
});

describe('a class to begin with', () => {
  const begun: Config = { ...config, n_starts: 2 };
  let knowing: ImageGPT;
  beforeAll(() => {
    knowing = new ImageGPT(begun, randomWeights(begun, 3));
  });
  const drawn = (tokens: Int16Array, starts?: number[], settings: Partial<Sampling> = {}) =>
    collect({ decode: (...args) => decode(knowing, ...args) }, tokens, { ...sampling, ...settings, starts });

  it.each([
    ['nothing known', unknownWhere(() => true)],
    ['a known top half', topHalf],
  ])('shapes each variant by its own, with %s', async (_, tokens) => {
    const starts = [1, SOS, 0];
    const each = await drawn(tokens, starts);
    const full = await nll(knowing, each.picture, starts);
    each.nll.forEach((surprise, i) => {
      expect(Math.abs(surprise - full[i])).toBeLessThan(1e-4);
    });
    for (const [v, start] of starts.entries()) {
      const alike = await drawn(tokens, [start]);
      expect(each.picture.subarray(v * 64, (v + 1) * 64)).toEqual(alike.picture.subarray(v * 64, (v + 1) * 64));
    }
    expect((await drawn(tokens, [0])).nll).not.toEqual((await drawn(tokens, [1])).nll);
    expect(await drawn(tokens)).toEqual(await drawn(tokens, [SOS]));
  });

  it('is refused where the model does not know it, and where look-ahead would choose among classes', async () => {
    await expect(drawn(topHalf, [2])).rejects.toThrow(new BadInput('Class 2 is not one of 2.'));
    await expect(run(topHalf, { starts: [0] })).rejects.toThrow(
      new BadInput('This model begins no picture with a class.'),
    );
    await expect(drawn(topHalf, [0, 1], { lookAhead: true })).rejects.toThrow(
      new BadInput('Look-ahead chooses among pictures that begin alike: take one class for all variants.'),
    );
  });
});

describe('look-ahead', () => {
  const bottom = unknownWhere((i) => i < 32);

  it('explains drawn pixels further down better than without it', async () => {
    const score = async (lookAhead: boolean) => {
      let total = 0;
      for (let seed = 0; seed < 6; seed++) {
        const { surprise } = await run(bottom, { lookAhead, seed, variants: 4 });
        for (let v = 0; v < 4; v++) total += surprise.subarray(v * 64 + 32, (v + 1) * 64).reduce((a, b) => a + b, 0);
      }
      return total;
    };
    expect(await score(true)).toBeLessThan(await score(false));
  });

  it('reports likelihoods that belong to the pictures it shows, also after resampling', async () => {
    const scattered = unknownWhere((i) => i % 8 < 4);
    const { picture, surprise, resampled } = await run(scattered, { lookAhead: true, variants: 4 });
    expect(resampled).toBeGreaterThan(0);
    const full = await nll(model, picture);
    for (let i = 0; i < full.length; i++) expect(Math.abs(surprise[i] - full[i])).toBeLessThan(1e-4);
  });
});
