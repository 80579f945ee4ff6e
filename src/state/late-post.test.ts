/**
 * A worker dies, and what it had posted before reaches the page after its end. No state that stands for work in a worker is set by
 * it: neither what is shown of its own work, nor that of the worker that follows.
 */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import {
  type CompletionUpdate,
  type DatasetInfo,
  type ModelInfo,
  type ProbeResult,
  type RunInfo,
  type TrainingUpdate,
  USUAL_RECIPE,
} from '../../workers/contract.ts';
import { DEVICE, delivered, StubWorker } from '../testing.ts';
import { completion } from './completion.ts';
import { datasets } from './datasets.ts';
import { drawing } from './drawing.ts';
import { evaluation } from './evaluation.ts';
import { NO_HISTORY } from './history.ts';
import { palettes } from './palettes.ts';
import { probing } from './probing.ts';
import { sampling } from './sampling.ts';
import { session } from './session.ts';
import { training } from './training.ts';

const MODEL: ModelInfo = {
  id: 'igpt-cifar-16',
  name: 'Test',
  layers: 1,
  width: 8,
  heads: 1,
  side: 2,
  parameters: 1,
  palette: new Uint8Array(6),
  clusters: new Float32Array(6),
};
const DATASET = { id: 'd', name: 'Pets', side: 8, classes: ['cat', 'dog'] } as DatasetInfo;
const SHEET = { side: 1, pixels: new Uint8Array(3), labels: Int16Array.of(-1) };
const RUN = {
  id: 'r',
  name: 'Mine',
  recipe: USUAL_RECIPE,
  step: 8,
  seconds: 8,
  best: null,
  checkpoints: [8],
} as Partial<RunInfo> as RunInfo;

/** The page's worker, up and with a model. */
let worker: StubWorker;

beforeAll(() => {
  vi.stubGlobal('Worker', StubWorker);
  StubWorker.answers = {
    start: DEVICE,
    onLost: undefined,
    openModel: MODEL,
    listRuns: [RUN],
    previewReduction: { before: SHEET, after: SHEET, psnr: 30 },
  };
});
afterAll(() => vi.unstubAllGlobals());
beforeEach(async () => {
  session.getState().gotFurther();
  await session.getState().start();
  worker = StubWorker.last;
  datasets.setState({ list: [DATASET], chosen: DATASET.id });
});

/** Ends the page's worker while messages of it are in the post. Gives the one that follows. */
function die(): StubWorker {
  const before = worker;
  worker.fail('Out of memory');
  worker = StubWorker.last;
  expect(worker).not.toBe(before);
  return worker;
}

const update = (step: number): TrainingUpdate => ({
  info: { ...RUN, step, phase: 'running' },
  from: step,
  news: NO_HISTORY,
  tokensPerSecond: 1,
  shareOfPeak: 0,
  bytes: 1,
});

test('a run goes on in the next worker, whatever the one before has still to say of it', async () => {
  void training.getState().resume(RUN.id);
  const { functions, answer } = await worker.called('resumeRun');
  await functions[0](update(10));
  answer(RUN);
  expect(training.getState().open!.info).toMatchObject({ step: 10, phase: 'running' });

  void functions[0](update(11));
  const next = die();
  expect(training.getState().open!.info.phase).toBe('preparing');
  const resumed = await next.called('resumeRun');
  expect(training.getState().open!.info).toMatchObject({ step: 10, phase: 'preparing' });
  await resumed.functions[0](update(8));
  expect(training.getState().open!.info).toMatchObject({ step: 8, phase: 'running' });
});

test('a run whose worker dies while it is made ready goes on in the one after that', async () => {
  training.setState({
    open: { info: { ...RUN, phase: 'resting' }, history: NO_HISTORY, tokensPerSecond: 0, shareOfPeak: 0, bytes: 0 },
  });
  void training.getState().resume(RUN.id);
  const { functions } = await worker.called('resumeRun');
  await functions[0](update(10));
  const second = die();
  await second.called('resumeRun');
  const third = die();
  const { functions: last } = await third.called('resumeRun');
  expect(training.getState().open!.info.phase).toBe('preparing');
  await last[0](update(8));
  expect(training.getState().open!.info.phase).toBe('running');
});

test('a completion keeps the rows that had come, and has stopped', async () => {
  drawing.getState().setModel(2, MODEL.palette);
  sampling.getState().change({ variants: 1 });
  const completing = completion.getState().complete();
  const { functions, answer } = await worker.called('complete');
  const row = (from: number): CompletionUpdate => ({
    from,
    to: from + 2,
    tokens: Int16Array.of(1, 1),
    nll: new Float32Array(2),
    entropy: new Float32Array(2),
    topColours: new Int16Array(12),
    topProbabilities: new Float32Array(12),
  });
  await functions[0](row(0));
  void functions[0](row(2));
  answer({ seconds: 1, tokensPerSecond: 4, resampled: 0 });
  die();
  await completing;
  await delivered();
  expect(completion.getState().run).toMatchObject({ status: 'stopped', done: 2, result: null });
});

test('a probe keeps the layers that had come, and no more come', async () => {
  const probed = probing.getState().start();
  const { functions } = await worker.called('probe');
  const [tell, find] = functions;
  const result = (layer: number) => ({ layers: [layer], accuracy: 0.5 }) as ProbeResult;
  await find(result(0));
  void tell({ stage: 'features', done: 1, total: 2 });
  void find(result(1));
  die();
  await probed;
  await delivered();
  expect(probing.getState().working).toBeNull();
  expect(probing.getState().experiment!.curves[0].results).toEqual([result(0)]);
});

test('an evaluation keeps what had been measured, and no more comes', async () => {
  const evaluated = evaluation.getState().start();
  const { functions } = await worker.called('evaluate');
  const [tell, find] = functions;
  await find({ samples: 'these' });
  void tell({ stage: 'drawing', done: 1, total: 2 });
  void find({ samples: 'others' });
  die();
  await evaluated;
  await delivered();
  expect(evaluation.getState().working).toBeNull();
  expect(evaluation.getState().run!.models[0].found).toEqual({ samples: 'these' });
});

test('a palette that is fitted anew has its own progress', async () => {
  const fitting = palettes.getState().fitPalette();
  const { functions } = await worker.called('fitPalette');
  await functions[0](0.5);
  expect(palettes.getState().fitting).toEqual({ dataset: DATASET.id, done: 0.5 });
  void functions[0](0.75);
  const next = die();
  const again = palettes.getState().fitPalette();
  await fitting;
  const { answer } = await next.called('fitPalette');
  await delivered();
  expect(palettes.getState().fitting).toEqual({ dataset: DATASET.id, done: 0 });
  answer({ palette: new Float32Array(6), bytes: new Uint8Array(6) });
  await again;
  expect(palettes.getState().fitting).toBeNull();
});

test('data that are added after it died have their own progress', async () => {
  const added = datasets.getState().addBundled('first');
  const { functions } = await worker.called('addBundledDataset');
  await functions[0]({ loaded: 1, total: 9 });
  expect(datasets.getState().adding).toEqual({ loaded: 1, total: 9 });
  void functions[0]({ loaded: 2, total: 9 });
  const next = die();
  await added;
  expect(datasets.getState().adding).toBeNull();
  const again = datasets.getState().addBundled('all');
  await next.called('addBundledDataset');
  await delivered();
  expect(datasets.getState().adding).toEqual({ loaded: 0, total: 0 });
  die();
  await again;
});
