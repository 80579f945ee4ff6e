/**
 * Evaluations as the page asks for them, in Node on WebAssembly: stored CIFAR pictures, models of
 * files.
 * @module-tag cifar10
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simdKernels } from '../../tools/simd-kernels.ts';
import type {
  CompletionUpdate,
  Evaluation,
  EvaluationProgress,
  EvaluationRequest,
  IncomingFile,
  Lab,
} from '../contract.ts';
import { UNKNOWN } from '../contract.ts';
import { decodeTokens, encodePixels, paletteBytes } from '../data/palette.ts';
import { reducePictures } from '../data/reduce.ts';
import { officialCifar } from '../data/testing.ts';
import { Aborted, BadInput } from '../errors.ts';
import { readModelFolder, writeModelFolder } from '../formats/huggingface.ts';
import { folderFiles } from '../storage/folder.ts';
import { createLab } from './lab.ts';

const RECORD = 3073;
const [SIDE, PIXELS] = [8, 64];
const ignore = () => {};

let root: string;
let lab: Lab;
let request: EvaluationRequest;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'evaluations-'));
  const wasm = fileURLToPath(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')));
  const files = () => folderFiles(root);
  const models = { address: 'http://localhost/' };
  lab = createLab({ gpu: undefined, wasm, kernels: await simdKernels(), models, files });
  await lab.start('wasm');
  const model = { kind: 'files' as const, files: await modelFolder() };
  request = {
    dataset: await stored([
      ['data_batch_1', 300],
      ['test_batch', 120],
    ]),
    model,
    objective: 'autoregressive',
    ruler: { model, objective: 'autoregressive' },
    scored: { part: 'test', count: 100 },
    drawn: 20,
    sampling: { temperature: 1, topK: 0, topP: 1 },
    distance: true,
    nearest: true,
    searched: 200,
    byClass: true,
    seed: 3,
  };
}, 120_000);

afterAll(() => rm(root, { recursive: true }));

async function stored(shards: ['data_batch_1' | 'test_batch', number][]): Promise<string> {
  const incoming = [];
  for (const [shard, count] of shards) {
    const bytes = (await officialCifar(shard)).slice(0, count * RECORD);
    incoming.push({ path: `${shard}.bin`, file: new File([bytes as BlobPart], `${shard}.bin`) });
  }
  return (await lab.addDataset(incoming, ignore)).id;
}

const NAMES = ['config.json', 'preprocessor_config.json', 'model.safetensors'];

async function fixture(): Promise<Map<string, Uint8Array>> {
  const folder = new URL('../igpt/fixtures/f16-2x32x4/', import.meta.url);
  return new Map(
    await Promise.all(NAMES.map(async (n) => [n, new Uint8Array(await readFile(new URL(n, folder)))] as const)),
  );
}

const asFiles = (files: Map<string, Uint8Array>): IncomingFile[] =>
  NAMES.map((path) => ({ path, file: new File([files.get(path)! as BlobPart], path) }));

const modelFolder = async (): Promise<IncomingFile[]> => asFiles(await fixture());

async function evaluated(change: Partial<EvaluationRequest> = {}) {
  const progress: EvaluationProgress[] = [];
  const found: Partial<Evaluation> = {};
  const told: string[] = [];
  const { seconds } = await lab.evaluate(
    { ...request, ...change },
    (p) => progress.push(p),
    (part) => {
      told.push(...Object.keys(part));
      Object.assign(found, part);
    },
  );
  return { progress, found, told, seconds };
}

/** As the model of the fixture sees pictures of the data set: tokens. */
async function tokensOf(numbers: Uint32Array): Promise<Int16Array> {
  const { palette } = readModelFolder(await fixture());
  const { pixels } = await lab.testedPictures(request.dataset, numbers);
  return encodePixels(reducePictures(pixels, 32, SIDE), palette);
}

it('scores as many held-back pictures as asked, each as it is scored by itself, with the error of their mean', async () => {
  const { found, progress, told } = await evaluated({ drawn: 0 });
  const { pictures, nats, mean, standardError } = found.likelihood!;
  expect(new Set(told)).toEqual(new Set(['likelihood']));
  expect([pictures.length, nats.length]).toEqual([100, 100]);
  expect(new Set(pictures).size).toBe(100);
  expect(Math.min(...pictures)).toBeGreaterThanOrEqual(300);
  await lab.openModel({ kind: 'files', files: await modelFolder() }, ignore);
  const tokens = await tokensOf(pictures.subarray(0, 3));
  for (let i = 0; i < 3; i++) {
    const alone = await lab.score(tokens.subarray(i * PIXELS, (i + 1) * PIXELS));
    expect(nats[i]).toBeCloseTo(alone.reduce((a, b) => a + b, 0) / PIXELS, 4);
  }
  expect(mean).toBeCloseTo(nats.reduce((a, b) => a + b, 0) / 100, 10);
  const variance = nats.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 99;
  expect(standardError).toBeCloseTo(Math.sqrt(variance / 100), 10);
  expect(progress[0]).toMatchObject({ stage: 'likelihood', done: 0, total: 100, secondsLeft: null });
  expect(progress.at(-1)).toMatchObject({ stage: 'likelihood', done: 100, total: 100, secondsLeft: 0 });
});

it('scores all there are where more are asked for, and training pictures where these are', async () => {
  const { found } = await evaluated({ drawn: 0, scored: { part: 'test', count: 5000 } });
  expect(found.likelihood!.nats).toHaveLength(120);
  const learnt = await evaluated({ drawn: 0, scored: { part: 'train', count: 40 } });
  expect(Math.max(...learnt.found.likelihood!.pictures)).toBeLessThan(300);
  expect(learnt.found.likelihood!.nats).toHaveLength(40);
});

it('draws the pictures that completing an empty one gives with the same seed, and others after them', async () => {
  const { found } = await evaluated({ scored: { part: 'test', count: 0 }, distance: false, nearest: false });
  const { side, pixels } = found.samples!;
  expect([side, pixels.length]).toEqual([SIDE, 20 * PIXELS * 3]);
  expect(found.likelihood).toBeUndefined();
  await lab.openModel({ kind: 'files', files: await modelFolder() }, ignore);
  const drawn = new Int16Array(16 * PIXELS);
  const sampling = { ...request.sampling, seed: 3, variants: 16, lookAhead: false };
  await lab.complete({ tokens: new Int16Array(PIXELS).fill(UNKNOWN), sampling }, (u: CompletionUpdate) => {
    const width = u.to - u.from;
    for (let v = 0; v < 16; v++) drawn.set(u.tokens.subarray(v * width, (v + 1) * width), v * PIXELS + u.from);
  });
  const { palette } = readModelFolder(await fixture());
  expect(pixels.subarray(0, 16 * PIXELS * 3)).toEqual(decodeTokens(drawn, paletteBytes(palette)));
  const pictures = Array.from({ length: 20 }, (_, i) => String(pixels.subarray(i * 192, (i + 1) * 192)));
  expect(new Set(pictures).size).toBe(20);
});

it('measures a distance to real pictures beside that of real ones to others, in the layer asked for', async () => {
  const change = { scored: { part: 'test' as const, count: 0 }, drawn: 60, nearest: false };
  const { found } = await evaluated(change);
  expect(found.distance).toMatchObject({ layer: 1, width: 32, pictures: 60 });
  // A random model draws noise: farther from real pictures than these are from each other.
  expect(found.distance!.drawn).toBeGreaterThan(2 * found.distance!.floor);
  expect(found.distance!.floor).toBeGreaterThan(0);
  const deeper = await evaluated({ ...change, ruler: { ...request.ruler, layer: 2 } });
  expect(deeper.found.distance!.layer).toBe(2);
  expect(deeper.found.distance!.floor).not.toBe(found.distance!.floor);
  expect((await evaluated(change)).found).toEqual(found);
});

it('finds the training picture nearest to each that was drawn, by colour as a look at all of them does', async () => {
  const { found, progress } = await evaluated({ scored: { part: 'test', count: 0 }, distance: false });
  const { byColour, byFeatures } = found.nearest!;
  expect([byColour.searched, byFeatures.searched]).toEqual([300, 200]);
  const { palette } = readModelFolder(await fixture());
  const all = decodeTokens(await tokensOf(Uint32Array.from({ length: 300 }, (_, i) => i)), paletteBytes(palette));
  const { pixels } = found.samples!;
  for (let i = 0; i < 20; i++) {
    const distances = Array.from({ length: 300 }, (_, j) => {
      let sum = 0;
      for (let p = 0; p < 192; p++) sum += (pixels[i * 192 + p] - all[j * 192 + p]) ** 2;
      return sum / 192;
    });
    expect(byColour.distances[i]).toBeCloseTo(Math.min(...distances), 2);
    expect(byColour.pictures[i]).toBe(distances.indexOf(Math.min(...distances)));
  }
  for (const { pictures, distances, usual } of [byColour, byFeatures]) {
    expect(pictures).toHaveLength(20);
    expect(Math.max(...pictures)).toBeLessThan(300);
    expect(Math.min(...distances)).toBeGreaterThan(0);
    expect(usual).toBeGreaterThan(0);
  }
  expect(new Set(progress.map((p) => p.stage))).toEqual(new Set(['samples', 'features', 'nearest']));
});

it('compares in the features of a model with another palette and another side', async () => {
  const folder = readModelFolder(await fixture());
  const other = {
    ...folder,
    config: { ...folder.config, n_positions: 16 },
    palette: folder.palette.map((c) => -c),
    weights: new Map(folder.weights).set('transformer.wpe.weight', new Float32Array(16 * 32).fill(0.1)),
  };
  const ruler = { model: { kind: 'files' as const, files: asFiles(writeModelFolder(other, 'F32')) } };
  const { found } = await evaluated({ ruler: { ...ruler, objective: 'bert' }, scored: { part: 'test', count: 0 } });
  expect(found.distance!.floor).toBeGreaterThan(0);
  expect(found.nearest!.byFeatures.distances).toHaveLength(20);
});

it('lets other work in between, and stops when asked or when the next one begins', async () => {
  let done = false;
  const evaluating = evaluated().then(() => {
    done = true;
  });
  await lab.openModel({ kind: 'files', files: await modelFolder() }, ignore);
  await lab.score(new Int16Array(PIXELS));
  expect(done).toBe(false);
  await evaluating;
  for (const stage of ['likelihood', 'samples', 'features', 'nearest']) {
    const stopped = lab.evaluate(request, (p) => void (p.stage === stage && lab.cancelEvaluation()), ignore);
    await expect(stopped, stage).rejects.toBeInstanceOf(Aborted);
  }
  const first = lab.evaluate(request, ignore, ignore);
  const second = evaluated({ drawn: 0 });
  await expect(first).rejects.toBeInstanceOf(Aborted);
  expect((await second).found.likelihood!.nats).toHaveLength(100);
});

it('judges by a data set that has nothing to learn from', async () => {
  const dataset = await stored([['test_batch', 30]]);
  const { found } = await evaluated({ dataset, drawn: 0 });
  expect(found.likelihood!.nats).toHaveLength(30);
});

describe('a model that begins pictures with classes', () => {
  /** The fixture's, with two of CIFAR-10's ten classes, far from each other. */
  const knowing = async () => {
    const folder = readModelFolder(await fixture());
    const { n_embd: d, n_colours } = folder.config;
    const wte = Float32Array.from({ length: (n_colours + 3) * d }, (_, i) =>
      i < (n_colours + 1) * d ? folder.weights.get('transformer.wte.weight')![i] : Math.sin(i),
    );
    const begun = {
      ...folder,
      config: { ...folder.config, n_starts: 2 },
      starts: ['truck', 'cat'],
      weights: new Map(folder.weights).set('transformer.wte.weight', wte),
    };
    return asFiles(writeModelFolder(begun, 'F32'));
  };

  it('is given the class of each picture where it knows one of that name, and begins the others without', async () => {
    const model = { kind: 'files' as const, files: await knowing() };
    const { found } = await evaluated({ model, drawn: 0 });
    const { pictures, nats, byClass } = found.likelihood!;
    const { labels } = await lab.testedPictures(request.dataset, pictures);
    const startOf = (label: number) => ({ 9: 0, 3: 1 })[label] ?? -1;
    expect(byClass).toBe(labels.filter((label) => startOf(label) >= 0).length);
    await lab.openModel(model, ignore);
    const some = [9, 3, 0].map((label) => labels.indexOf(label));
    for (const place of some) {
      const tokens = await tokensOf(pictures.subarray(place, place + 1));
      const mean = async (start: number) => (await lab.score(tokens, start)).reduce((a, b) => a + b, 0) / PIXELS;
      expect(nats[place]).toBeCloseTo(await mean(startOf(labels[place])), 4);
      expect(Math.abs((await mean(0)) - (await mean(1)))).toBeGreaterThan(1e-3);
    }
    const without = await evaluated({ model, drawn: 0, byClass: false });
    expect(without.found.likelihood!.byClass).toBe(0);
    expect(without.found.likelihood!.mean).not.toBe(found.likelihood!.mean);
    expect((await evaluated({ drawn: 0 })).found.likelihood!.byClass).toBeUndefined();
  });

  it('draws of the classes that there are among held-back pictures', async () => {
    const model = { kind: 'files' as const, files: await knowing() };
    const change = { model, scored: { part: 'test' as const, count: 0 }, distance: false, nearest: false };
    const [given, without] = [await evaluated(change), await evaluated({ ...change, byClass: false })];
    expect(given.found.samples!.byClass).toBe(true);
    expect(without.found.samples!.byClass).toBe(false);
    expect(given.found.samples!.pixels).not.toEqual(without.found.samples!.pixels);
  });
});

describe('says in one sentence what is wrong with', () => {
  it.each([
    [
      'a BERT model',
      { objective: 'bert' },
      /^This model was trained to foresee hidden pixels from all others: it gives no/,
    ],
    [
      'too few held-back pictures for a distance',
      { drawn: 61 },
      'A distance over 61 pictures needs twice as many held-back ones, half of them for real against real, but there are 120: ' +
        'draw fewer, or mark more pictures as test.',
    ],
    [
      'a single picture for a distance',
      { drawn: 1 },
      'A distance between sets of pictures needs two of each at least.',
    ],
    ['a layer that is not there', { ruler: { layer: 3 } }, 'There is no layer 3: this model has the layers 0 to 2.'],
    [
      'a temperature that cannot be',
      { sampling: { temperature: Number.NaN, topK: 0, topP: 1 } },
      /^The setting temperature is out of range: /,
    ],
    ['a data set that is gone', { dataset: crypto.randomUUID() }, /^This data set is no longer there/],
  ] as [string, Partial<EvaluationRequest>, string | RegExp][])('%s', async (_, change, sentence) => {
    const ruler = { ...request.ruler, ...change.ruler };
    const failure = await evaluated({ ...change, ruler }).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(BadInput);
    expect((failure as BadInput).message).toMatch(sentence);
  });

  it('a data set without training pictures, where those nearest are asked for', async () => {
    const dataset = await stored([['test_batch', 60]]);
    await expect(evaluated({ dataset })).rejects.toThrow('There are no training pictures to search.');
    await expect(evaluated({ dataset, scored: { part: 'train', count: 5 } })).rejects.toThrow(
      'There are no training pictures to score.',
    );
  });

  it('weights that overflow', async () => {
    const folder = readModelFolder(await fixture());
    const weights = new Map(folder.weights);
    const head = weights.get('lm_head.weight')!;
    weights.set('lm_head.weight', new Float32Array(head.length).fill(3e38));
    const model = { kind: 'files' as const, files: asFiles(writeModelFolder({ ...folder, weights }, 'F32')) };
    const sentence = 'The model gives no finite numbers: its weights are damaged.';
    await expect(evaluated({ model })).rejects.toThrow(sentence);
    await expect(evaluated({ model, scored: { part: 'test', count: 0 } })).rejects.toThrow(sentence);
  });
});
