/** Linear probes of models on data sets: one at a time, in short pieces between everything else that the backend does. */
import type { ModelSource, ProbeCalls, ProbeProgress, ProbeRequest, ProbeResult } from '../contract.ts';
import type { DatasetHead } from '../data/dataset.ts';
import { shuffled } from '../data/shuffle.ts';
import { splitDataset } from '../data/split.ts';
import { TokenisedPictures } from '../data/token-batches.ts';
import { Aborted } from '../errors.ts';
import type { ModelFolder } from '../formats/huggingface.ts';
import { type Config, parameterCount, sideOf } from '../igpt/config.ts';
import { initialWeights } from '../igpt/init.ts';
import { passBytes } from '../igpt/memory.ts';
import { balanced, checkLabels, type LabelledPictures, type ProbeData } from '../probe/labels.ts';
import { probe, probePixels, ROOM } from '../probe/probe.ts';
import { runPiece, type Work } from '../probe/work.ts';
import { DatasetStore, type StoredDataset } from '../storage/datasets.ts';
import type { PrivateFiles } from '../storage/files.ts';
import type { Backend } from './backend.ts';
import type { Budget } from './budget.ts';
import type { ShippedModels } from './download.ts';
import { sourceFolder } from './models.ts';
import { openFeatures } from './passes.ts';
import { breathe, type Queue } from './queue.ts';
import type { LabRuns } from './training-calls.ts';

/** Milliseconds between two messages of progress. */
const UPDATE_MS = 120;
/** Names this use of the seed. */
const PURPOSE = 0x70be;
/** With fewer pictures a probe tells nothing. */
const LEAST = 100;

export interface ProbesPlace {
  files?: () => PrivateFiles;
  models: ShippedModels;
  queue: Queue;
  backend: () => Backend;
  openWeights: LabRuns['openWeights'];
}

export function createProbes({ files, models, queue, backend, openWeights }: ProbesPlace): ProbeCalls {
  if (!files) throw new Error('no place for data sets');
  const datasets = new DatasetStore(files());
  let stop = new AbortController();

  const folderOf = (source: ModelSource) => sourceFolder(source, models, openWeights);

  return {
    probe: async (request, onProgress, onResult) => {
      const device = backend();
      stop.abort();
      stop = new AbortController();
      const started = performance.now();
      const work: Work = {
        signal: stop.signal,
        piece: async (job) => {
          await breathe();
          return queue.run(job);
        },
        onProgress: seldom(onProgress),
      };
      const dataset = await datasets.open(request.dataset);
      const all = choose(dataset.head, request);
      const folder = await folderOf(request.model);
      const { budget } = device;
      const room = roomFor(budget, await budget.left(), folder.config, request);
      const chosen = countOf(all) > room.pictures ? choose(dataset.head, fewer(request, all, room.pictures)) : all;
      const held = await queue.run(() => budget.hold(() => room.bytes(countOf(chosen))));
      try {
        const data = await tokenised(dataset, chosen, folder, work);
        const options = { ...request, room: room.features(countOf(chosen)) };
        for await (const result of results(device, data, folder, options, work)) onResult(result);
        return {
          classes: data.classes,
          learnt: chosen.train.length,
          leftOut: countOf(all) - countOf(chosen),
          tested: chosen.test,
          labels: Int16Array.from(data.test.labels),
          seconds: (performance.now() - started) / 1000,
        };
      } finally {
        held.release();
      }
    },

    cancelProbe: async () => stop.abort(),

    testedPictures: async (id, numbers) => {
      const { head, pictures } = await datasets.open(id);
      return {
        side: head.side,
        pixels: await pictures(numbers),
        labels: Int16Array.from(numbers, (number) => head.labels[number]),
      };
    },
  };
}

async function* results(
  device: Backend,
  data: ProbeData,
  { config, palette, weights }: ModelFolder,
  { subject, objective, seed, layers, concatenated, room }: ProbeRequest & { room: number },
  work: Work,
): AsyncGenerator<ProbeResult> {
  const options = { seed, layers, concatenated, room };
  if (subject === 'pixels') {
    yield await probePixels(data, palette, options, work);
    return;
  }
  const used = subject === 'untrained' ? initialWeights(config, seed) : weights;
  const features = await runPiece(work, () => openFeatures(device, config, used, objective));
  try {
    yield* probe(features, data, options, work);
  } finally {
    features.dispose();
  }
}

interface Chosen {
  /** Numbers in the data set, rising. */
  train: Uint32Array;
  test: Uint32Array;
}

const countOf = ({ train, test }: Chosen): number => train.length + test.length;

/**
 * How many pictures a probe can take within so many bytes, and what such a number takes.
 * @throws BadInput if it can take none
 */
function roomFor(budget: Budget, left: number, config: Config, { subject, concatenated = [] }: ProbeRequest) {
  const { n_embd, n_layer, n_positions } = config;
  const stacked = concatenated === 'all' ? n_layer + 1 : concatenated.length;
  // Of a picture: its tokens, and its features in as many layers as have to be there at once.
  const tokens = 2 * n_positions;
  const features = subject === 'pixels' ? 0 : 4 * n_embd * Math.max(1, stacked);
  const model = 4 * parameterCount(config) + passBytes(config, 1);
  budget.refuse('A probe of this model', model + LEAST * (tokens + features), left);
  const every = subject === 'pixels' ? 0 : 4 * n_embd * (n_layer + 1);
  const featuresOf = (pictures: number) => Math.min(ROOM, pictures * every, left - model - pictures * tokens);
  return {
    pictures: Math.floor((left - model) / (tokens + features)),
    features: featuresOf,
    /** Without the pass, which counts for itself. */
    bytes: (pictures: number) => 4 * parameterCount(config) + pictures * tokens + featuresOf(pictures),
  };
}

/**
 * The same request for no more pictures than so many, in the proportion in which they were chosen.
 */
function fewer(request: ProbeRequest, { train, test }: Chosen, pictures: number): ProbeRequest {
  const share = pictures / (train.length + test.length);
  const most = { train: Math.floor(share * train.length), test: Math.floor(share * test.length) };
  return { ...request, most, labels: request.labels && Math.min(request.labels, most.train) };
}

/** @throws BadInput if their labels are nothing to learn from or to judge by */
function choose(head: DatasetHead, { seed, most, labels: count }: ProbeRequest): Chosen {
  const { train, validation } = splitDataset(head, seed);
  const labels = (numbers: Uint32Array) => Array.from(numbers, (number) => head.labels[number]);
  const some = (numbers: Uint32Array, limit = numbers.length): Uint32Array => {
    const labelled = numbers.filter((number) => head.labels[number] >= 0);
    const usable = labelled.length > 0 ? labelled : numbers; // the check says that there are no labels
    const order = shuffled(usable.length, seed ^ PURPOSE, 0).subarray(0, limit);
    return order.map((place) => usable[place]).sort();
  };
  const chosen = {
    train: some(train, count === undefined ? most?.train : undefined),
    test: some(validation, most?.test),
  };
  checkLabels(labels(chosen.train), labels(chosen.test), head.classes);
  if (count === undefined) return chosen;
  // Before they are read: of all pictures only those few are.
  const places = balanced(labels(chosen.train), head.classes, count, seed);
  return { ...chosen, train: places.map((place) => chosen.train[place]) };
}

async function tokenised(
  { head, pictures }: StoredDataset,
  { train, test }: Chosen,
  { config, palette }: ModelFolder,
  { signal, onProgress }: Work,
): Promise<ProbeData> {
  const total = train.length + test.length;
  const part = async (numbers: Uint32Array, before: number): Promise<LabelledPictures> => {
    const read = (from: number, to: number) => pictures(numbers.subarray(from, to), signal);
    const stored = { count: numbers.length, side: head.side, read };
    const { tokens } = await TokenisedPictures.of(stored, sideOf(config), palette, async (share) => {
      if (signal?.aborted) throw new Aborted();
      onProgress?.({ stage: 'pictures', done: before + Math.round(share * numbers.length), total });
      await breathe();
    });
    return { tokens, labels: Int16Array.from(numbers, (number) => head.labels[number]) };
  };
  return { train: await part(train, 0), test: await part(test, train.length), classes: head.classes };
}

/** Messages to the page cost time: the first of a stage is told, then a few in a second. */
function seldom(onProgress: (progress: ProbeProgress) => void): (progress: ProbeProgress) => void {
  let told = { stage: '', at: 0 };
  return (progress) => {
    const now = performance.now();
    if (progress.stage === told.stage && now - told.at < UPDATE_MS) return;
    told = { stage: progress.stage, at: now };
    onProgress(progress);
  };
}
