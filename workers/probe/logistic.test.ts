/** The classifier against scikit-learn's (tools/fixtures/make_probe.py): coefficients, and accuracies on CIFAR-10. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { CIFAR10_RECORD, type Cifar10Name } from '../../tools/cifar10.ts';
import { simdKernels } from '../../tools/simd-kernels.ts';
import { readCifar10 } from '../data/cifar.ts';
import { CIFAR_10_CLASSES } from '../data/class-names.ts';
import { encodePixels } from '../data/palette.ts';
import { reducePictures } from '../data/reduce.ts';
import { officialCifar } from '../data/testing.ts';
import { readModelFolder } from '../formats/huggingface.ts';
import { useWasm } from '../igpt/testing.ts';
import { SimdFeatures } from '../simd/features.ts';
import { setKernels } from '../simd/kernels.ts';
import { collectFeatures } from './collect.ts';
import { judge } from './judge.ts';
import { CONVERGED, classify, fitLogistic } from './logistic.ts';
import { probePixels } from './probe.ts';
import { layerSamples } from './samples.ts';

interface Fixture {
  pictures: { train: number; test: number };
  layers: { layer: number; c: number; accuracy: number }[];
  pixels: { train: number; test: number; fits: { c: number; accuracy: number }[] };
  small: { features: number[][]; labels: number[]; c: number; coef: number[][]; intercept: number[] };
}

const fixture: Fixture = JSON.parse(readFileSync(new URL('fixtures/scikit-learn.json', import.meta.url), 'utf8'));

const modelFile = (name: string): [string, Uint8Array] => [
  name,
  new Uint8Array(readFileSync(new URL(`../../public/models/igpt-cifar-16/${name}`, import.meta.url))),
];
const { config, weights, palette } = readModelFolder(
  new Map(['config.json', 'preprocessor_config.json', 'model.safetensors'].map(modelFile)),
);

async function cifar(name: Cifar10Name, count: number) {
  const file = await officialCifar(name);
  const { pixels, labels } = readCifar10(file.subarray(0, count * CIFAR10_RECORD));
  return { tokens: encodePixels(reducePictures(pixels, 32, 16), palette), labels };
}

const part = async ({ train, test }: { train: number; test: number }) => ({
  train: await cifar('data_batch_1', train),
  test: await cifar('test_batch', test),
  classes: CIFAR_10_CLASSES,
});

beforeAll(async () => {
  await useWasm();
  setKernels(await simdKernels());
}, 120_000);

it('finds the coefficients that scikit-learn finds', async () => {
  const { features, labels, c, coef, intercept } = fixture.small;
  const width = features[0].length;
  const slopes: number[] = [];
  const samples = layerSamples([Float32Array.from(features.flat())], width, labels);
  const [{ parameters, converged }] = await fitLogistic(samples, coef.length, [c], {
    onIteration: (_, __, slope) => slopes.push(slope),
  });
  expect(converged).toBe(true);
  expect(slopes[0]).toBeCloseTo(1, 6);
  expect(slopes.at(-1)).toBeGreaterThan(CONVERGED);
  const wanted = [...coef.flat(), ...intercept];
  wanted.forEach((w, i) => {
    expect(Math.abs(parameters[i] - w), `parameter ${i}`).toBeLessThan(1e-3);
  });
});

it("tells CIFAR-10's classes by every layer as well as scikit-learn does, within half a point", {
  tags: ['cifar10'],
  timeout: 300_000,
}, async () => {
  const { train, test, classes } = await part(fixture.pictures);
  const features = await SimdFeatures.create(config, weights, 4, 'autoregressive');
  const layers = [...new Set(fixture.layers.map(({ layer }) => layer))];
  const strengths = [...new Set(fixture.layers.map(({ c }) => c))];
  expect(layers).toHaveLength(features.layers);
  const learnt = await collectFeatures(features, train.tokens, layers, {});
  const unseen = await collectFeatures(features, test.tokens, layers, {});
  for (const layer of layers) {
    const samples = layerSamples([learnt.get(layer)!], features.width, train.labels);
    const judged = layerSamples([unseen.get(layer)!], features.width, test.labels);
    for (const classifier of await fitLogistic(samples, classes.length, strengths)) {
      expect(classifier.converged).toBe(true);
      const { accuracy } = judge(await classify(classifier, judged), test.labels, classes.length);
      const wanted = fixture.layers.find((fit) => fit.layer === layer && fit.c === classifier.strength)!.accuracy;
      expect(Math.abs(accuracy - wanted), `layer ${layer} at C = ${classifier.strength}`).toBeLessThanOrEqual(0.005);
    }
  }
});

it('tells them by raw pixels as well as scikit-learn does, within half a point', {
  tags: ['cifar10'],
  timeout: 300_000,
}, async () => {
  const data = await part(fixture.pixels);
  for (const { c, accuracy } of fixture.pixels.fits) {
    const found = await probePixels(data, palette, { seed: 1, strengths: [c] });
    expect(found.converged).toBe(true);
    expect(Math.abs(found.accuracy - accuracy), `at C = ${c}`).toBeLessThanOrEqual(0.005);
  }
});
