import { beforeEach, expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type {
  DatasetInfo,
  Evaluation,
  EvaluationProgress,
  EvaluationRequest,
  RunInfo,
} from '../../workers/contract.ts';
import type { LabCalls } from '../lab.ts';
import type { DatasetsState } from './datasets.ts';
import { countsFor, createEvaluation, judgedAt } from './evaluation.ts';
import { notices } from './notices.ts';
import type { ProbingState } from './probing.ts';
import type { SessionState } from './session.ts';
import type { TrainingState } from './training.ts';

const SHIPPED = { kind: 'shipped', id: 'igpt-cifar-16' } as const;
const RUN = {
  id: 'r',
  name: 'Mine',
  size: { layers: 1, width: 8, heads: 1, side: 8 },
  palette: new Uint8Array(6),
  recipe: { objective: 'bert' },
  step: 20,
  best: null,
  checkpoints: [20],
} as unknown as RunInfo;
const LIKELIHOOD = { mean: 3, standardError: 0.1, pictures: new Uint32Array(), nats: new Float64Array() };
const stopped = () => Object.assign(new Error('Stopped.'), { name: 'AbortError' });

interface Call {
  request: EvaluationRequest;
  tell: (progress: EvaluationProgress) => void;
  find: (part: Partial<Evaluation>) => void;
  end: (answer: { seconds: number }) => void;
  fail: (error: Error) => void;
}

/** A slice beside a data set, a model that is open and a run; the test answers its calls. */
function staged(models: string[] | null = null) {
  const calls: Call[] = [];
  const lab = {
    evaluate: (request, tell, find) => new Promise((end, fail) => calls.push({ request, tell, find, end, fail })),
    cancelEvaluation: async () => calls.at(-1)?.fail(stopped()),
  } as Partial<LabCalls> as LabCalls;
  const device = { training: { backend: 'wasm' } };
  const list = [{ id: 'd', name: 'Pets' }] as DatasetInfo[];
  const evaluation = createEvaluation(
    () => lab,
    createStore(() => ({ model: null, source: SHIPPED, device }) as unknown as SessionState),
    createStore(() => ({ list: [RUN] }) as Partial<TrainingState> as TrainingState),
    createStore(() => ({ list, chosen: 'd' }) as Partial<DatasetsState> as DatasetsState),
    createStore(() => ({ models: models && new Set(models) }) as Partial<ProbingState> as ProbingState),
  );
  const next = async (count: number) => {
    await vi.waitUntil(() => calls.length === count);
    return calls[count - 1];
  };
  return { evaluation, next, calls };
}

beforeEach(() => notices.setState({ shown: [] }));

test('unless chosen otherwise, all is measured of the open model, in the middle layer of the shipped one', async () => {
  const { evaluation, next } = staged();
  const done = evaluation.getState().start();
  const { request, tell, find, end } = await next(1);
  expect(request).toEqual({
    dataset: 'd',
    model: SHIPPED,
    objective: 'autoregressive',
    ruler: { model: SHIPPED, objective: 'autoregressive' },
    scored: { part: 'test', count: 500 },
    drawn: 64,
    byClass: true,
    sampling: { temperature: 1, topK: 0, topP: 1 },
    distance: true,
    nearest: true,
    searched: 500,
    seed: 1,
  });
  tell({ stage: 'likelihood', done: 1, total: 9, secondsLeft: 1 });
  expect(evaluation.getState().working).toMatchObject({ place: 0, progress: { done: 1 } });
  find({ likelihood: LIKELIHOOD });
  find({ samples: { side: 1, pixels: new Uint8Array(3) } });
  expect(Object.keys(judgedAt(evaluation.getState())!.found)).toEqual(['likelihood', 'samples']);
  end({ seconds: 2 });
  await done;
  expect(evaluation.getState().working).toBeNull();
  expect(judgedAt(evaluation.getState())).toMatchObject({ seconds: 2, found: { likelihood: { mean: 3 } } });
});

test('samples are drawn where something is measured of them, and else nothing of them is asked for', async () => {
  const { evaluation, next } = staged();
  const only = { likelihood: false, samples: false, distance: false, nearest: false };
  evaluation.getState().change({ parts: { ...only, likelihood: true }, count: 7, scored: 'train' });
  void evaluation.getState().start();
  const { request } = await next(1);
  expect(request).toMatchObject({ scored: { part: 'train', count: 7 }, drawn: 0, distance: false, nearest: false });
  evaluation.getState().change({ parts: { ...only, distance: true }, layer: 2, ruler: 'run r last' });
  void evaluation.getState().start();
  expect((await next(2)).request).toMatchObject({
    scored: { count: 0 },
    drawn: 64,
    distance: true,
    ruler: { model: { kind: 'run', run: 'r', which: 'last' }, objective: 'bert', layer: 2 },
  });
});

test('a model that cannot be evaluated is told of, and the next one is evaluated', async () => {
  const { evaluation, next } = staged(['shipped igpt-cifar-16', 'run r last']);
  const done = evaluation.getState().start();
  (await next(1)).fail(new Error('Damaged.'));
  const { request, end } = await next(2);
  expect(request).toMatchObject({ model: { kind: 'run' }, objective: 'bert' });
  end({ seconds: 1 });
  await done;
  expect(notices.getState().shown.map(({ text }) => text)).toEqual(['Damaged.']);
  expect(evaluation.getState().run!.models.map(({ seconds }) => seconds)).toEqual([null, 1]);
});

test('what was found stays when it is cancelled, and what comes after that is void', async () => {
  const { evaluation, next, calls } = staged(['shipped igpt-cifar-16', 'run r last']);
  const done = evaluation.getState().start();
  const { find } = await next(1);
  find({ likelihood: LIKELIHOOD });
  await evaluation.getState().cancel();
  await done;
  find({ samples: { side: 1, pixels: new Uint8Array(3) } });
  expect(judgedAt(evaluation.getState())!.found).toEqual({ likelihood: LIKELIHOOD });
  expect(evaluation.getState().working).toBeNull();
  expect([calls.length, notices.getState().shown.length]).toEqual([1, 0]);
});

test('a GPU gets more pictures than a processor, and what the person chose goes before', () => {
  const gpu = { training: { backend: 'webgpu' }, software: false } as SessionState['device'];
  expect(countsFor({ count: null, searched: null }, gpu)).toEqual({ count: 10_000, searched: 10_000 });
  expect(countsFor({ count: 3, searched: null }, null)).toEqual({ count: 3, searched: 500 });
});
