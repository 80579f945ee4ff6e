/**
 * Training as the page uses it, in Node on WebAssembly: a folder for the browser's private files,
 * real CIFAR pictures.
 * @module-tag cifar10
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { extended, NO_HISTORY } from '../../src/state/history.ts';
import { simdKernels } from '../../tools/simd-kernels.ts';
import type { Recipe, RunHistory, RunInfo, RunRequest, TrainingUpdate } from '../contract.ts';
import { officialCifar, png } from '../data/testing.ts';
import { BadInput } from '../errors.ts';
import { type ModelFolder, readModelFolder } from '../formats/huggingface.ts';
import { uniform } from '../igpt/random.ts';
import type { PrivateFiles } from '../storage/files.ts';
import { folderFiles } from '../storage/folder.ts';
import { type Backend, startBackend } from './backend.ts';
import { createDatasets } from './datasets.ts';
import { Queue } from './queue.ts';
import { createRuns, type Runs } from './runs.ts';

const RECORD = 3073;
const palette = Float32Array.from({ length: 3 * 32 }, (_, i) => 2 * uniform(1, 2, i) - 1);
const size = { layers: 2, width: 16, heads: 2, side: 8 };
const recipe: Recipe = {
  objective: 'autoregressive',
  batch: 8,
  parts: 1,
  steps: 40,
  schedule: 'cosine',
  rate: 1e-2,
  warmup: 5,
  weightDecay: 0,
  clip: 1,
  flip: true,
  crop: 1,
  leastArea: 1,
  seed: 7,
  validateEvery: 10,
  validationPictures: 20,
  sampleEvery: 20,
  saveEvery: 10,
  keepEvery: 20,
  onSpike: 'pause',
  classify: false,
  generative: 1,
  patience: 0,
  probeEvery: 0,
  precision: 'f32',
  byClass: false,
};

let backend: Backend;
let shard: Uint8Array;
beforeAll(async () => {
  const wasm = fileURLToPath(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')));
  const kept = new Map<string, unknown>();
  const memory = {
    get: async (key: string) => kept.get(key),
    set: async (key: string, value: unknown) => void kept.set(key, value),
  };
  backend = await startBackend({ gpu: undefined, wasm, kernels: await simdKernels(), memory }, 'auto', () => {});
  shard = (await officialCifar('data_batch_1')).slice(0, 200 * RECORD);
});

let root: string;
let dataset: string;
let runs: Runs;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'runs-'));
  dataset = await datasetOf({ 'data_batch_1.bin': shard });
  runs = fresh();
});

async function datasetOf(files: Record<string, Uint8Array>): Promise<string> {
  const datasets = createDatasets({ files: () => folderFiles(root) });
  const dropped = Object.entries(files).map(([path, bytes]) => ({ path, file: new File([bytes as BlobPart], path) }));
  return (await datasets.addDataset(dropped, () => {})).id;
}

afterEach(() => rm(root, { recursive: true }));

/** Runs as a tab has them that was opened anew. */
const fresh = (files: () => PrivateFiles = () => folderFiles(root), current?: () => ModelFolder) =>
  createRuns({ files, queue: new Queue(), backend: () => backend, current });

const request = (change: Partial<Recipe> = {}): RunRequest => ({
  name: 'A run',
  dataset,
  size,
  palette,
  recipe: { ...recipe, ...change },
});

/** Puts a run's course together, by the page's own code, and waits for what it is to come to. */
function follower() {
  let history = NO_HISTORY;
  let last: TrainingUpdate | undefined;
  const waiting: { until: (update: TrainingUpdate) => boolean; resolve: (update: TrainingUpdate) => void }[] = [];
  return {
    hear(update: TrainingUpdate) {
      history = extended(history, update);
      last = update;
      for (const one of waiting) if (one.until(update)) one.resolve(update);
    },
    get history(): RunHistory {
      return history;
    },
    until: (until: (update: TrainingUpdate) => boolean): Promise<TrainingUpdate> =>
      last && until(last) ? Promise.resolve(last) : new Promise((resolve) => waiting.push({ until, resolve })),
  };
}

const reaches =
  (phase: RunInfo['phase']) =>
  ({ info }: TrainingUpdate) =>
    info.phase === phase;

/** Trains to the end. */
async function whole(change: Partial<Recipe> = {}, through = runs) {
  const follow = follower();
  const { id } = await through.startRun(request(change), follow.hear);
  const { info } = await follow.until(reaches('finished'));
  return { id, info, history: follow.history };
}

/** What is the same whenever a run is repeated. */
const course = ({ loss, gradientNorm, rate, classes, validations, samples }: RunHistory) => ({
  loss,
  gradientNorm,
  rate,
  classes,
  validations,
  samples,
});
const saved = (id: string, name = 'last') => readFile(join(root, 'runs', id, `${name}.safetensors`));

describe('a run', () => {
  it('learns, judges, draws and keeps what it was told to', async () => {
    const { id, info, history } = await whole();
    expect(info).toMatchObject({ step: 40, phase: 'finished', checkpoints: [20, 40] });
    expect(history.loss.length).toBe(40);
    expect(history.loss[0]).toBeCloseTo(Math.log(32), 4);
    expect(history.validations.map(({ step }) => step)).toEqual([10, 20, 30, 40]);
    expect(history.validations[3].loss).toBeLessThan(history.validations[0].loss);
    expect(info.best!.loss).toBe(Math.min(...history.validations.map(({ loss }) => loss)));
    expect(history.samples.map(({ step, tokens }) => [step, tokens.length])).toEqual([
      [20, 8 * 64],
      [40, 8 * 64],
    ]);
    expect(await runs.runHistory(id)).toEqual(history);
  });

  it('is heard of while it judges and draws, however long that takes', async () => {
    const now = performance.now.bind(performance);
    let calls = 0;
    const slow = vi.spyOn(performance, 'now').mockImplementation(() => now() + 200 * ++calls);
    const silent: TrainingUpdate[] = [];
    const follow = follower();
    await runs.startRun(request({ steps: 1, validateEvery: 1, sampleEvery: 1 }), (update) => {
      const { validations, samples } = update.news;
      if (update.info.step === 1 && validations.length + samples.length === 0) silent.push(update);
      follow.hear(update);
    });
    await follow.until(reaches('finished'));
    slow.mockRestore();
    // 20 pictures in batches of 8, and the rows of pictures of 8 × 8 pixels.
    expect(silent.length).toBeGreaterThanOrEqual(3 + 8);
    expect(follow.history).toMatchObject({ validations: [{ step: 1 }], samples: [{ step: 1 }] });
  });

  it('is the same with the same seed, and another one with another', async () => {
    const [one, other, third] = [await whole(), await whole(), await whole({ seed: 8 })];
    expect(course(other.history)).toEqual(course(one.history));
    expect(await saved(other.id)).toEqual(await saved(one.id));
    expect(third.history.loss[5]).not.toBe(one.history.loss[5]);
  });

  it.each(['autoregressive', 'bert'] as const)(
    'that was paused, saved and gone on with after a reload equals one that never stopped: %s',
    async (objective) => {
      const uninterrupted = await whole({ objective });
      const follow = follower();
      const { id } = await runs.startRun(request({ objective }), follow.hear);
      await follow.until(({ info }) => info.step >= 13);
      await runs.pauseRun();
      const { info } = await follow.until(reaches('paused'));
      expect(info.step).toBeLessThan(40);
      await runs.stopRun();
      expect((await fresh().listRuns())[0]).toMatchObject({ id, step: info.step, phase: 'resting' });

      const again = follower();
      await fresh().resumeRun(id, again.hear);
      await again.until(reaches('finished'));
      expect(course(again.history)).toEqual(course(uninterrupted.history));
      for (const name of ['last', 'best']) {
        expect(await saved(id, name)).toEqual(await saved(uninterrupted.id, name));
      }
    },
  );

  it('goes a single step when asked, and on from there', async () => {
    const follow = follower();
    await runs.startRun(request(), follow.hear);
    await runs.pauseRun();
    const { length } = follow.history.loss;
    await runs.stepRun();
    expect(follow.history.loss.length).toBe(length + 1);
    await runs.resumeRun((await runs.listRuns())[0].id, follow.hear);
    await follow.until(reaches('finished'));
    expect(course(follow.history)).toEqual(course((await whole()).history));
  });

  it('takes another learning rate from the next step on, also after a reload', async () => {
    const follow = follower();
    const { id } = await runs.startRun(request({ schedule: 'constant' }), follow.hear);
    await runs.pauseRun();
    const { length } = follow.history.loss;
    await runs.setRunRate(1e-3);
    await runs.stepRun();
    await runs.stopRun();
    const again = follower();
    await fresh().resumeRun(id, again.hear);
    await again.until(reaches('finished'));
    const expected = [...new Array(length).fill(1e-2), ...new Array(40 - length).fill(1e-3)];
    const warm = expected.map((peak, i) => (i < 5 ? (peak * (i + 1)) / 5 : peak));
    warm.forEach((rate, i) => {
      expect(again.history.rate[i], `step ${i}`).toBeCloseTo(rate, 8);
    });
    await expect(runs.setRunRate(1e-3)).rejects.toThrow('No run is open');
  });

  it('lets other work in between its steps', async () => {
    const queue = new Queue();
    const busy = createRuns({ files: () => folderFiles(root), queue, backend: () => backend });
    const follow = follower();
    await busy.startRun(request({ steps: 10_000, validateEvery: 0, sampleEvery: 0, keepEvery: 0 }), follow.hear);
    for (let i = 0; i < 5; i++) await queue.run(async () => {});
    await busy.stopRun();
    const { info } = await follow.until(reaches('resting'));
    expect(info.step).toBeLessThan(10_000);
  });

  it('learns from a batch in parts as from the whole', async () => {
    const [one, other] = [await whole({ steps: 8 }), await whole({ steps: 8, parts: 4 })];
    other.history.loss.forEach((loss, i) => {
      expect(loss).toBeCloseTo(one.history.loss[i], 4);
    });
    other.history.validations.forEach(({ loss }, i) => {
      expect(loss).toBeCloseTo(one.history.validations[i].loss, 4);
    });
  });
});

describe('a run that learns classes', () => {
  const taught: Partial<Recipe> = { classify: true, rate: 3e-3, sampleEvery: 0 };

  it('goes on from another run, tells its accuracy, and keeps the weights of the best', async () => {
    const before = await whole({ sampleEvery: 0 });
    const follow = follower();
    const other = { layers: 1, width: 8, heads: 1, side: 8 };
    const { id, size: own } = await runs.startRun(
      { ...request(taught), size: other, from: { kind: 'run', run: before.id, which: 'last' } },
      follow.hear,
    );
    expect(own).toEqual(size);
    const { info } = await follow.until(reaches('finished'));
    expect(follow.history.loss[0]).toBeLessThan(before.history.loss[0] - 0.3);
    expect(follow.history.classes!.loss[0]).toBeCloseTo(Math.log(10), 4);
    expect(follow.history.classes!.accuracy.length).toBe(40);
    expect(follow.history.validations.every(({ classes }) => classes!.accuracy >= 0 && classes!.accuracy <= 1)).toBe(
      true,
    );
    expect(info.classes).toContain('airplane');
    const most = Math.max(...follow.history.validations.map(({ classes }) => classes!.accuracy));
    expect(info.best!.classes!.accuracy).toBe(most);
    expect(await runs.runHistory(id)).toEqual(follow.history);
    const { folder } = await runs.openWeights(id, 'best');
    expect(folder.weights.get('score.weight')!.some((x) => x !== 0)).toBe(true);
    expect(folder.classes).toEqual(info.classes);
  });

  it('begins with the current model and its head, where the classes are the same', async () => {
    const { id } = await whole(taught);
    const { folder } = await runs.openWeights(id, 'last');
    const start = async (current: ModelFolder, change: Partial<Recipe>) => {
      const follow = follower();
      const through = fresh(undefined, () => current);
      await through.startRun({ ...request({ ...change, steps: 1 }), from: { kind: 'current' } }, follow.hear);
      await follow.until(reaches('finished'));
      return follow.history;
    };
    const again = await start(folder, taught);
    expect(Math.abs(again.classes!.loss[0] - Math.log(10))).toBeGreaterThan(1e-3);
    const others = await start({ ...folder, classes: folder.classes!.map((name) => `${name}?`) }, taught);
    expect(others.classes!.loss[0]).toBeCloseTo(Math.log(10), 4);
    const pixels = await start(folder, { classify: false });
    expect(pixels.classes).toBeUndefined();
    expect(pixels.loss[0]).toBeCloseTo(again.loss[0], 5);
  });

  it.each(['autoregressive', 'bert'] as const)('is the same after a reload: %s', async (objective) => {
    const uninterrupted = await whole({ ...taught, objective });
    const follow = follower();
    const { id } = await runs.startRun(request({ ...taught, objective }), follow.hear);
    await follow.until(({ info }) => info.step >= 13);
    await runs.stopRun();
    const again = follower();
    await fresh().resumeRun(id, again.hear);
    await again.until(reaches('finished'));
    expect(course(again.history)).toEqual(course(uninterrupted.history));
    expect(await saved(id, 'best')).toEqual(await saved(uninterrupted.id, 'best'));
  });

  it('ends by itself when nothing gets better, and stays finished', async () => {
    const stuck = { ...taught, rate: 0, warmup: 0, validateEvery: 2, patience: 3 };
    const { id, info } = await whole(stuck);
    expect(info).toMatchObject({ step: 8, best: { step: 2 } });
    expect(info.note).toBe('The last 3 judgements were no better than that of step 2: the run has ended.');
    expect((await fresh().listRuns())[0]).toMatchObject({ step: 8, phase: 'finished' });
    const again = follower();
    await fresh().resumeRun(id, again.hear);
    expect((await again.until(reaches('finished'))).info.step).toBe(8);
  });

  it('counts pixels for as much as it is told', async () => {
    const { history } = await whole({ ...taught, generative: 0 });
    const joint = await whole(taught);
    expect(history.loss[0]).toBe(joint.history.loss[0]);
    expect(history.loss[39]).toBeGreaterThan(joint.history.loss[39]);
  });

  it('is refused with a sentence where there are no classes to learn, or the model is of another side', async () => {
    const start = async (files: Record<string, Uint8Array>) =>
      runs.startRun({ ...request(taught), dataset: await datasetOf(files) }, () => {});
    const grey = png(new Uint8Array(3 * 64).fill(99), 8);
    await expect(start({ '1.png': grey, '2.png': grey, '3.png': grey })).rejects.toThrow(
      'The pictures to learn from have no labels: there are no classes to learn.',
    );
    const cats = shard.map((byte, i) => (i % RECORD === 0 ? 3 : byte));
    await expect(start({ 'data_batch_1.bin': cats })).rejects.toThrow(
      'All pictures to learn from are of the class "cat": at least two are needed.',
    );
    const { id } = await whole({ steps: 1 });
    const larger = {
      ...request(taught),
      size: { ...size, side: 16 },
      from: { kind: 'run', run: id, which: 'last' },
    } as const;
    await expect(runs.startRun(larger, () => {})).rejects.toThrow(
      'The model takes pictures of 8 × 8 pixels, not 16 × 16.',
    );
  });
});

describe('a run whose pictures begin with their class', () => {
  const byClass: Partial<Recipe> = { byClass: true };
  const d = size.width;
  const rows = ({ weights }: ModelFolder, from: number, to: number) =>
    weights.get('transformer.wte.weight')!.slice(from * d, to * d);

  it('knows the classes of its data, draws one picture of each, and is the same after a reload', async () => {
    const uninterrupted = await whole(byClass);
    const { info, history } = uninterrupted;
    expect(info.starts).toHaveLength(10);
    expect(info.starts).toContain('ship');
    expect(info.classes).toEqual([]);
    expect(info.parameters).toBe((await whole()).info.parameters + 10 * d);
    expect(history.samples.map(({ tokens }) => tokens.length)).toEqual([640, 640]);
    expect(history.loss[0]).toBeCloseTo(Math.log(32), 4);
    const follow = follower();
    const { id } = await runs.startRun(request(byClass), follow.hear);
    await follow.until(({ info }) => info.step >= 13);
    await runs.stopRun();
    const again = follower();
    await fresh().resumeRun(id, again.hear);
    await again.until(reaches('finished'));
    expect(course(again.history)).toEqual(course(history));
    for (const name of ['last', 'best']) expect(await saved(id, name)).toEqual(await saved(uninterrupted.id, name));
    const { folder } = await runs.openWeights(id, 'last');
    expect(folder.starts).toEqual(info.starts);
    const classes = rows(folder, 33, 43);
    expect(new Set(Array.from({ length: 10 }, (_, i) => classes.slice(i * d, (i + 1) * d).join())).size).toBe(10);
    const files = unzipSync(new Uint8Array(await (await runs.exportRunModel(id, 'last', 'F32')).arrayBuffer()));
    const name = Object.keys(files).find((path) => path.endsWith('config.json') && !path.includes('preprocessor'))!;
    expect(JSON.parse(new TextDecoder().decode(files[name]))).toMatchObject({ n_class: 10, class_names: info.starts });
  });

  it('goes on from a model without classes, each of which begins as its start symbol', async () => {
    const plain = await whole();
    const { folder } = await runs.openWeights(plain.id, 'last');
    const start = async (current: ModelFolder, change: Partial<Recipe>, steps = 1) => {
      const follow = follower();
      const through = fresh(undefined, () => current);
      const asked = request({ ...change, rate: 0, warmup: 0, steps, sampleEvery: 0 });
      const { id } = await through.startRun({ ...asked, from: { kind: 'current' } }, follow.hear);
      await follow.until(reaches('finished'));
      return { loss: follow.history.loss[0], folder: (await through.openWeights(id, 'last')).folder };
    };
    const [begun, on] = [await start(folder, byClass), await start(folder, {})];
    expect(begun.loss).toBe(on.loss);
    for (let label = 0; label < 10; label++) {
      expect(rows(begun.folder, 33 + label, 34 + label)).toEqual(rows(folder, 32, 33));
    }
    // Of classes in another order each keeps its own vector; one that was not known begins as the start symbol.
    const known = { ...begun.folder, starts: ['ship', ...begun.folder.starts!.slice(1)] };
    const values = known.weights.get('transformer.wte.weight')!;
    values.forEach((_, i) => {
      if (i >= 33 * d) values[i] = i;
    });
    const { folder: other } = await start(known, byClass);
    const at = other.starts!.indexOf('ship');
    expect(rows(other, 33 + at, 34 + at)).toEqual(rows(known, 33, 34));
    expect(rows(other, 33, 34)).toEqual(rows(known, 32, 33));
    // And back: without classes, theirs are left behind.
    const left = await start(known, {});
    expect(left.folder.starts).toBeUndefined();
    expect(left.folder.weights.get('transformer.wte.weight')).toEqual(rows(known, 0, 33));
  });

  it('takes pictures without a label along', async () => {
    const grey = (level: number) => png(new Uint8Array(3 * 64).fill(level), 8);
    const files = { 'cat/1.png': grey(9), 'cat/2.png': grey(30), 'dog/1.png': grey(200), 'dog/2.png': grey(220) };
    dataset = await datasetOf({ ...files, 'loose.png': grey(100) });
    const { info, history } = await whole({ ...byClass, steps: 12, sampleEvery: 12 });
    expect(info.starts).toEqual(['cat', 'dog']);
    expect(history.loss.every(Number.isFinite)).toBe(true);
    expect(history.samples[0].tokens).toHaveLength(2 * 64);
  });

  it('is refused with one sentence where there are no classes, and where it would be told what it is asked', async () => {
    const refused = (change: Partial<Recipe>) => runs.startRun(request({ ...byClass, ...change }), () => {});
    await expect(refused({ classify: true })).rejects.toThrow(
      'Classes cannot be told by a model that is given them: begin pictures with them, or learn to tell them.',
    );
    await expect(refused({ objective: 'bert' })).rejects.toThrow(
      'BERT has no first symbol that a class could stand for: pictures begin with it autoregressively only.',
    );
    const grey = (level: number) => png(new Uint8Array(3 * 64).fill(level), 8);
    dataset = await datasetOf({ '1.png': grey(9), '2.png': grey(99), '3.png': grey(200) });
    await expect(refused({})).rejects.toThrow(
      'The pictures to learn from have no labels: there are no classes to begin them with.',
    );
    expect(await runs.listRuns()).toEqual([]);
  });

  it('is reckoned with what its classes take', async () => {
    const pictures = { count: 100, side: 32, classes: 10 };
    const [plain, begun] = [
      await runs.trainingCost(size, 32, recipe, pictures),
      await runs.trainingCost(size, 32, { ...recipe, byClass: true }, pictures),
    ];
    expect(begun.parameters - plain.parameters).toBe(10 * d);
    expect(begun.bytes).toBeGreaterThan(plain.bytes);
  });
});

describe('the layers of a run', () => {
  const probed: Partial<Recipe> = { probeEvery: 10 };
  /** Runs of someone who has all the time in the world. */
  const patient = () =>
    createRuns({ files: () => folderFiles(root), queue: new Queue(), backend: () => backend, probeShare: 1e9 });
  const stepsOf = ({ probe }: RunHistory) => probe!.probes.map(({ step }) => step);

  it.each([
    ['autoregressive', {}],
    ['bert', { objective: 'bert' }],
    ['with classes', { classify: true, sampleEvery: 0 }],
  ] as [string, Partial<Recipe>][])('are probed while it learns the very same: %s', async (_, kind) => {
    const plain = await whole(kind);
    const { id, history } = await whole({ ...probed, ...kind }, patient());
    expect(course(history)).toEqual(course(plain.history));
    for (const name of ['last', 'best']) expect(await saved(id, name)).toEqual(await saved(plain.id, name));
    expect(stepsOf(history)).toEqual([10, 20, 30, 40]);
    const { learnt, tested, chance, pixels, probes } = history.probe!;
    expect([learnt, tested]).toEqual([180, 20]);
    for (const one of [chance, pixels.accuracy, ...probes.flatMap(({ accuracy }) => [...accuracy])]) {
      expect(20 * one).toBeCloseTo(Math.round(20 * one), 5);
      expect(one).toBeLessThanOrEqual(1);
    }
    expect(probes.map(({ accuracy }) => accuracy.length)).toEqual([3, 3, 3, 3]);
    expect(new Set(probes.map(({ accuracy }) => accuracy.join())).size).toBeGreaterThan(1);
    expect(Math.min(pixels.seconds, ...probes.map(({ seconds }) => seconds))).toBeGreaterThan(0);
    expect(await fresh().runHistory(id)).toEqual(history);
  });

  it('are known as before after a pause, a reload, and a journey as an archive', async () => {
    const uninterrupted = (await whole(probed, patient())).history.probe!;
    const tab = patient();
    const follow = follower();
    const { id } = await tab.startRun(request(probed), follow.hear);
    await follow.until(({ info }) => info.step >= 13);
    await tab.pauseRun();
    await tab.stepRun();
    await tab.stopRun();
    const archive = await tab.exportRun(id);
    await tab.deleteRun(id);
    const { id: back } = await fresh().importRun(archive);
    const again = follower();
    await patient().resumeRun(back, again.hear);
    await again.until(reaches('finished'));
    // A pause gives up the probe that is under way.
    const { probes, pixels, ...same } = again.history.probe!;
    expect(same).toEqual({ learnt: 180, tested: 20, chance: uninterrupted.chance });
    expect(pixels.accuracy).toBe(uninterrupted.pixels.accuracy);
    expect(stepsOf(again.history)).toEqual(expect.arrayContaining([10, 40]));
    for (const { step, accuracy } of probes) {
      expect(accuracy).toEqual(uninterrupted.probes.find((one) => one.step === step)!.accuracy);
    }
    expect(await fresh().runHistory(back)).toEqual(again.history);
  });

  it('are probed more seldom where that takes more than a tenth of the time', async () => {
    const { history } = await whole({ ...probed, probeEvery: 2, steps: 600, validateEvery: 0, sampleEvery: 0 });
    const { probes, pixels } = history.probe!;
    expect(probes[0].step).toBe(2);
    const spent = probes.reduce((sum, { seconds }) => sum + seconds, pixels.seconds);
    // A busy machine may make one of them longer than those that it was judged by.
    expect(probes.length === 1 || spent <= 0.15 * history.seconds.at(-1)!).toBe(true);
    expect(probes.length).toBeLessThan(100);
  });

  it('are left alone where no labels can tell, with one sentence', async () => {
    const grey = (level: number) => png(new Uint8Array(3 * 64).fill(level), 8);
    const start = async (files: Record<string, Uint8Array>) => {
      dataset = await datasetOf(files);
      return whole({ ...probed, steps: 12 }, patient());
    };
    const { info, history } = await start({ '1.png': grey(9), '2.png': grey(99), '3.png': grey(200) });
    expect(info).toMatchObject({
      step: 12,
      probeProblem: 'Its layers are not probed: the pictures to learn from have no labels.',
    });
    expect(history.probe).toBeUndefined();
    const cats = shard.map((byte, i) => (i % RECORD === 0 ? 3 : byte));
    expect((await start({ 'data_batch_1.bin': cats })).info.probeProblem).toBe(
      'Its layers are not probed: all pictures to learn from are of one class.',
    );
    const dogs = shard.slice(0, 20 * RECORD).map((byte, i) => (i % RECORD === 0 ? 5 : byte));
    const birds = shard.map((byte, i) => (i % RECORD === 0 ? 1 + ((i / RECORD) % 2) : byte));
    expect((await start({ 'data_batch_1.bin': birds, 'test_batch.bin': dogs })).info.probeProblem).toBe(
      'Its layers are not probed: no held-back picture is of a class that is learnt.',
    );
  });
});

describe('a run from before there were classes', () => {
  it('can be read and goes on', async () => {
    const uninterrupted = await whole();
    const follow = follower();
    const { id } = await runs.startRun(request(), follow.hear);
    await follow.until(({ info }) => info.step >= 13);
    await runs.stopRun();
    const about = join(root, 'runs', id, 'about.json');
    const { classes: _, starts: __, ...head } = JSON.parse(await readFile(about, 'utf8'));
    for (const name of ['classify', 'generative', 'patience', 'probeEvery', 'precision', 'byClass'])
      delete head.recipe[name];
    delete head.progress.ended;
    await writeFile(about, JSON.stringify(head));
    const again = follower();
    await fresh().resumeRun(id, again.hear);
    await again.until(reaches('finished'));
    expect(course(again.history)).toEqual(course(uninterrupted.history));
  });
});

describe('a loss that leaps', () => {
  /** A run that is well until its rate is raised beyond all bounds. */
  async function wild(onSpike: Recipe['onSpike']) {
    const follow = follower();
    const calm: Partial<Recipe> = {
      schedule: 'constant',
      rate: 1e-3,
      steps: 400,
      saveEvery: 5,
      sampleEvery: 0,
      onSpike,
    };
    const { id } = await runs.startRun(request(calm), follow.hear);
    await follow.until(({ info }) => info.step >= 60);
    await runs.pauseRun();
    await runs.setRunRate(1);
    await runs.resumeRun(id, follow.hear);
    return follow;
  }

  it('pauses the run at what was saved, with the step', async () => {
    const follow = await wild('pause');
    const { info } = await follow.until(({ info }) => info.phase === 'paused' && info.note !== undefined);
    expect(info.note).toMatch(
      /^At step \d+ the loss leapt from \d\.\d\d to \d+\.\d\d: the run went back to step \d+, which was saved, and paused\./,
    );
    expect(follow.history.loss.length).toBe(info.step);
    expect(Math.max(...follow.history.loss)).toBeLessThan(4);
  });

  it('or sets it back at half the learning rate, a few times', async () => {
    const follow = await wild('rollback');
    await follow.until(({ info }) => info.note?.endsWith('goes on at half the learning rate.') ?? false);
    const { info } = await follow.until(({ info }) => info.phase === 'paused' && info.note !== undefined);
    expect(info.note).toContain('Its learning rate was 0.13;'); // 1, halved three times
  });
});

describe('runs', () => {
  it('are listed, renamed, duplicated and deleted', async () => {
    const { id } = await whole({ steps: 5 });
    await runs.renameRun(id, ' My run ');
    const copy = await runs.duplicateRun(id);
    expect(copy).toMatchObject({ name: 'My run copy', step: 5, size });
    expect((await runs.listRuns()).map(({ name }) => name)).toEqual(['My run copy', 'My run']);
    expect(await saved(copy.id)).toEqual(await saved(id));
    await runs.deleteRun(id);
    expect((await runs.listRuns()).map((run) => run.id)).toEqual([copy.id]);
    await expect(runs.renameRun(id, 'x')).rejects.toThrow('This run is no longer there');
    await expect(runs.renameRun(copy.id, ' ')).rejects.toThrow(new BadInput('A run needs a name.'));
  });

  it('are taken away as one archive and brought back whole', async () => {
    const { id, history } = await whole({ steps: 20 });
    const archive = await runs.exportRun(id);
    await runs.deleteRun(id);
    const back = await runs.importRun(archive);
    expect(back).toMatchObject({ name: 'A run', step: 20, checkpoints: [20] });
    expect(await runs.runHistory(back.id)).toEqual(history);
    await expect(runs.importRun(new Blob(['no archive']))).rejects.toThrow('could not be unpacked');
    await expect(runs.importRun(await runs.exportRunModel(back.id, 'last', 'F32'))).rejects.toThrow(
      'it has no about.json',
    );
    expect((await runs.listRuns()).length).toBe(1);
  });

  it('give their weights as a model folder that anyone can read', async () => {
    const { id } = await whole({ steps: 20 });
    const files = unzipSync(new Uint8Array(await (await runs.exportRunModel(id, 20, 'F32')).arrayBuffer()));
    const folder = readModelFolder(new Map(Object.entries(files)));
    expect(folder.config).toMatchObject({ n_layer: 2, n_embd: 16, n_positions: 64, n_colours: 32 });
    expect(folder.palette).toEqual(palette);
    const { folder: last } = await runs.openWeights(id, 'last');
    for (const [name, values] of last.weights) expect(folder.weights.get(name)).toEqual(values);
    await expect(runs.exportRunModel(id, 10, 'F32')).rejects.toThrow('kept no weights of step 10');
  });

  it('belong to one tab at a time', async () => {
    const files = folderFiles(root);
    const [one, other] = [fresh(() => files), fresh(() => files)];
    const { id } = await one.startRun(request({ steps: 10_000 }), () => {});
    const taken = new BadInput('This run is being trained in another tab.');
    await expect(other.resumeRun(id, () => {})).rejects.toThrow(taken);
    await expect(other.deleteRun(id)).rejects.toThrow(taken);
    const resumed = other.resumeRun(id, () => {});
    // As long as a worker that hangs holds it after its end.
    await new Promise((resolve) => setTimeout(resolve, 2100));
    await one.stopRun();
    await resumed;
    await other.stopRun();
  });

  it('are refused with a sentence where they cannot be', async () => {
    const start = (change: Partial<RunRequest>) => runs.startRun({ ...request(), ...change }, () => {});
    await expect(start({ size: { ...size, heads: 3 } })).rejects.toThrow(
      'A width of 16 cannot be divided among 3 heads.',
    );
    await expect(start({ recipe: { ...recipe, parts: 3 } })).rejects.toThrow('cannot be divided into 3 equal parts');
    await expect(start({ recipe: { ...recipe, rate: 2 } })).rejects.toThrow(
      'Recipe: rate must be a number from 0 to 1.',
    );
    await expect(start({ dataset: crypto.randomUUID() })).rejects.toThrow('This data set is no longer there');
    await expect(start({ size: { ...size, width: 18 } })).rejects.toThrow('A width of 18 is no multiple of 4.');
    const huge = { layers: 12, width: 256, heads: 8, side: 32 };
    await expect(start({ size: huge, recipe: { ...recipe, batch: 64 } })).rejects.toThrow(
      /^\d+\.\d GB are needed, but WebAssembly reaches only 4\.3 GB\. A batch of \d+ fits\.$/,
    );
    expect(await runs.listRuns()).toEqual([]);
  });

  it('do not go on with a data set that has changed', async () => {
    const { id } = await runs.startRun(request(), () => {});
    await runs.stopRun();
    const datasets = createDatasets({ files: () => folderFiles(root) });
    await datasets.setDatasetPart(dataset, 0, 'test');
    await expect(runs.resumeRun(id, () => {})).rejects.toThrow('All pictures of this data set are marked as test');
    await datasets.deleteDataset(dataset);
    await expect(runs.resumeRun(id, () => {})).rejects.toThrow('This data set is no longer there');
  });
});

describe('a crash or a full disk', () => {
  /** Files of a tab that dies while it writes the so-manieth byte. Nothing comes from a dead tab, not even an error. */
  function dying(bytes: number) {
    const files = folderFiles(root);
    const never = new Promise<never>(() => {});
    let left = bytes;
    let die = () => {};
    const death = new Promise<void>((resolve) => {
      die = resolve;
    });
    const alive = <T>(work: () => Promise<T>): Promise<T> => (left > 0 ? work() : never);
    const mortal: PrivateFiles = {
      ...files,
      create: (path) =>
        alive(async () => {
          const writer = await files.create(path);
          const write = async (part: Uint8Array) => {
            await writer.write(part.subarray(0, left));
            left -= part.length;
            if (left > 0) return;
            await writer.close();
            die();
            await never;
          };
          return { write, close: () => alive(() => writer.close()) };
        }),
      move: (from, to) => alive(() => files.move(from, to)),
      remove: (path) => alive(() => files.remove(path)),
    };
    return { files: mortal, death };
  }

  it('at any byte leaves a whole run, which goes on as if nothing had been', async () => {
    // As many files as before, in fewer steps.
    const short = { steps: 16, validateEvery: 4, sampleEvery: 8, saveEvery: 4, keepEvery: 8 };
    const uninterrupted = await whole(short);
    let written = 0;
    const counting = folderFiles(root);
    const counted: PrivateFiles = {
      ...counting,
      async create(path) {
        const writer = await counting.create(path);
        const write = async (part: Uint8Array) => {
          written += part.length;
          await writer.write(part);
        };
        return { ...writer, write };
      },
    };
    await whole(
      short,
      fresh(() => counted),
    );
    for (let n = 0; n < 50; n++) {
      const { id } = await runs.startRun(request(short), () => {});
      await runs.stopRun();
      const follow = follower();
      const { files, death } = dying(Math.ceil(written * uniform(3, n, 0)));
      await fresh(() => files).resumeRun(id, follow.hear);
      await Promise.race([death, follow.until(reaches('finished'))]);
      const again = follower();
      await fresh().resumeRun(id, again.hear);
      await again.until(reaches('finished'));
      expect(course(again.history), `death ${n}`).toEqual(course(uninterrupted.history));
      expect(await saved(id)).toEqual(await saved(uninterrupted.id));
      await fresh().deleteRun(id);
    }
  }, 300_000);

  it('a fault of the disk pauses the run, and says so', async () => {
    const { id } = await runs.startRun(request(), () => {});
    await runs.stopRun();
    const files = folderFiles(root);
    const broken: PrivateFiles = { ...files, move: () => Promise.reject(new Error('the disk has a fault')) };
    const follow = follower();
    await fresh(() => broken).resumeRun(id, follow.hear);
    const { info } = await follow.until(({ info }) => info.note !== undefined);
    expect(info).toMatchObject({
      phase: 'paused',
      note: 'The run stopped: the disk has a fault. What was saved stands.',
    });
  });

  it('a full disk stops nothing: the person is told, and what was saved before stands', async () => {
    const { id } = await runs.startRun(request(), () => {});
    await runs.stopRun();
    const before = await saved(id);
    const { used } = await folderFiles(root).use();
    const full = fresh(() => folderFiles(root, used + 100));
    const follow = follower();
    await full.resumeRun(id, follow.hear);
    const { info } = await follow.until(reaches('finished'));
    expect(info.step).toBe(40);
    expect(info.note).toMatch(/^There was no room to save the run\. It goes on/);
    expect(await saved(id)).toEqual(before);
    await expect(full.startRun(request(), () => {})).rejects.toThrow('There is no room for this run');
    expect((await full.listRuns()).length).toBe(1);
  });
});
