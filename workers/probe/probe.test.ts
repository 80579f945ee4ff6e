/** The probe on pictures whose class shows in their colours: results, limits, stopping, and what it says of bad data. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ProbeProgress, ProbeResult } from '../contract.ts';
import { Aborted, BadInput } from '../errors.ts';
import { useWasm } from '../igpt/testing.ts';
import { balanced, type LabelledPictures, type ProbeData } from './labels.ts';
import { CONVERGED } from './logistic.ts';
import { type ProbeOptions, passesOf, probe, probePixels } from './probe.ts';
import { CLASSES, colourFeatures, drawn, PIXELS } from './testing.ts';
import type { Work } from './work.ts';

const data: ProbeData = { train: drawn(90, 1), test: drawn(60, 2), classes: CLASSES };

beforeAll(useWasm);

async function all(features = colourFeatures(), given = data, options: Partial<ProbeOptions> = {}, work: Work = {}) {
  const results: ProbeResult[] = [];
  for await (const result of probe(features, given, { seed: 1, ...options }, work)) results.push(result);
  return results;
}

it('tells layer after layer how well the classes are told apart, from one pass over the pictures', async () => {
  const features = colourFeatures();
  const [noise, colours] = await all(features);
  expect(features.calls).toBe(Math.ceil(90 / 7) + Math.ceil(60 / 7));
  expect([noise.layers, colours.layers]).toEqual([[0], [1]]);
  expect(noise.accuracy).toBeLessThan(0.6);
  expect(colours.accuracy).toBeGreaterThan(0.9);
  expect(colours.converged).toBe(true);
});

it('reports each picture, and sums them up', async () => {
  const [result] = await all(colourFeatures(), data, { layers: [1] });
  const { accuracy, standardError, confusion, predicted, probability } = result;
  const labels = Array.from(data.test.labels);
  const right = labels.filter((label, i) => predicted[i] === label).length;
  expect(accuracy).toBeCloseTo(right / 60, 10);
  expect(standardError).toBeCloseTo(Math.sqrt((accuracy * (1 - accuracy)) / 60), 10);
  expect([0, 1, 2].map((c) => [...confusion.subarray(3 * c, 3 * c + 3)].reduce((a, b) => a + b))).toEqual([20, 20, 20]);
  labels.forEach((label, i) => {
    confusion[label * 3 + predicted[i]]--;
  });
  expect(confusion.every((n) => n === 0)).toBe(true);
  probability.forEach((p) => {
    expect(p).toBeGreaterThanOrEqual(1 / 3 - 1e-6);
    expect(p).toBeLessThanOrEqual(1);
  });
});

it('puts layers side by side for a classifier of their own', async () => {
  const results = await all(colourFeatures(), data, { layers: [1], concatenated: [0, 1] });
  expect(results.map((r) => r.layers)).toEqual([[1], [0, 1]]);
  expect(results[1].accuracy).toBeGreaterThan(0.9);
});

it('sends pictures through the model again only where more layers would have to be kept than there is room for', () => {
  const stacks = [[0], [1], [2], [0, 2]];
  expect(passesOf(stacks, 3)).toEqual([stacks]);
  expect(passesOf(stacks, 2)).toEqual([
    [[0], [1]],
    [[2], [0, 2]],
  ]);
  expect(passesOf(stacks, 1)).toEqual([[[0]], [[1]], [[2]], [[0, 2]]]);
});

it('learns from as many labels as it is given, of every class alike', async () => {
  const features = colourFeatures(1);
  await all(features, data, { labels: 10 });
  expect(features.calls).toBe(10 + 60);
  const places = balanced(data.train.labels, CLASSES, 10, 1);
  expect([...places].toSorted((a, b) => a - b)).toEqual([...places]);
  expect([0, 1, 2].map((c) => places.filter((place) => data.train.labels[place] === c).length)).toEqual([4, 3, 3]);
  expect(balanced(data.train.labels, CLASSES, 10, 2)).not.toEqual(places);
});

it('chooses the strength on pictures held out, the same for the same seed', async () => {
  const [once] = await all(colourFeatures(), data, { layers: [1], strengths: [1, 1e-6] });
  const [again] = await all(colourFeatures(), data, { layers: [1], strengths: [1e-6, 1] });
  expect(once.strength).toBe(1);
  expect(again).toEqual(once);
});

it('reads classes from raw pixels too', async () => {
  const palette = Float32Array.from({ length: 36 }, (_, i) => Math.floor(i / 3) / 6 - 1);
  const result = await probePixels(data, palette, { seed: 1 });
  expect(result.layers).toEqual([]);
  expect(result.accuracy).toBeGreaterThan(0.8);
});

it('tells how far it is, until the slope is a ten-thousandth of what it was', async () => {
  const heard: ProbeProgress[] = [];
  await all(colourFeatures(), data, { layers: [1], strengths: [0.1] }, { onProgress: (p) => heard.push(p) });
  const features = heard.filter((p) => p.stage === 'features');
  expect(features.at(-1)).toEqual({ stage: 'features', done: 60, total: 60 });
  const fitting = heard.filter((p) => p.stage === 'fitting');
  expect(fitting[0]).toMatchObject({ layers: [1], strength: 0.1, iteration: 0 });
  expect(fitting[0].slope).toBeCloseTo(1, 6);
  expect(fitting.at(-1)!.slope).toBeGreaterThan(CONVERGED);
  expect(fitting.at(-1)!.slope).toBeLessThan(0.1);
});

describe.each(['features', 'fitting'] as const)('during %s', (stage) => {
  it('stops when asked, before the next piece of work', async () => {
    const stop = new AbortController();
    let pieces = 0;
    const work: Work = {
      signal: stop.signal,
      piece: (job) => {
        expect(stop.signal.aborted).toBe(false);
        pieces++;
        return job();
      },
      onProgress: (progress) => {
        if (progress.stage === stage && pieces > 3) stop.abort();
      },
    };
    await expect(all(colourFeatures(), data, {}, work)).rejects.toBeInstanceOf(Aborted);
  });
});

describe('says in one sentence what is wrong with', () => {
  const labelled = (labels: number[]): LabelledPictures => ({
    tokens: new Int16Array(labels.length * PIXELS),
    labels,
  });
  const { train, test } = data;
  const cases: [string, Partial<ProbeData>, Partial<ProbeOptions>, string][] = [
    ['no pictures', { train: labelled([]) }, {}, 'There are no training pictures.'],
    [
      'pictures without labels',
      { test: labelled([-1, -1]) },
      {},
      'The test pictures have no labels: a probe learns to tell classes apart.',
    ],
    [
      'data without classes',
      { classes: [] },
      {},
      'The training pictures have no labels: a probe learns to tell classes apart.',
    ],
    [
      'some pictures without labels',
      { train: labelled([0, 1, -1, 2]) },
      {},
      '1 of the training pictures have no label.',
    ],
    [
      'one class only',
      { train: labelled([1, 1, 1]) },
      {},
      'All training pictures are of the class "medium": a probe needs at least two.',
    ],
    [
      'fewer pictures than classes',
      { train: labelled([0, 2]) },
      {},
      'There are 2 training pictures for 3 classes: add some.',
    ],
    [
      'a class that the test part lacks',
      { test: labelled([0, 1, 1]) },
      {},
      'The test part has no picture of the class "light".',
    ],
    [
      'a class that the training part lacks',
      { train: labelled([0, 0, 2]) },
      {},
      'The training part has no picture of the class "medium".',
    ],
    [
      'pictures of another size than the model',
      { train: { tokens: new Int16Array(90 * 64), labels: train.labels } },
      {},
      'The pictures are 8 × 8 pixels, but this model takes 4 × 4.',
    ],
    ['a layer that is not there', {}, { layers: [0, 2] }, 'There is no layer 2: this model has the layers 0 to 1.'],
    ['too few labels', {}, { labels: 2 }, '2 labels are too few for 3 classes.'],
    [
      'more labels than there are',
      {},
      { labels: 300 },
      'There are 30 training pictures of the class "dark", but 100 are needed.',
    ],
  ];

  it.each(cases)('%s', async (_, change, options, sentence) => {
    const features = colourFeatures();
    const failure = await all(features, { train, test, classes: CLASSES, ...change }, options).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(BadInput);
    expect((failure as BadInput).message).toBe(sentence);
    expect(features.calls).toBe(0);
  });

  it('features that are no numbers', async () => {
    const features = colourFeatures();
    const broken = {
      ...features,
      of: async (tokens: Int16Array) => (await features.of(tokens)).map((x, i) => (i === 15 ? Number.NaN : x)),
    };
    await expect(all(broken)).rejects.toThrow(
      new BadInput('The model gives no finite numbers in layer 1: its weights are damaged.'),
    );
  });
});
