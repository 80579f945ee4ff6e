import { beforeEach, expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type {
  DatasetInfo,
  ModelInfo,
  ProbeProgress,
  ProbeRequest,
  ProbeResult,
  ProbeSummary,
  RunHistory,
  RunInfo,
} from '../../workers/contract.ts';
import type { LabCalls } from '../lab.ts';
import type { DatasetsState } from './datasets.ts';
import { notices } from './notices.ts';
import { createProbing, lookedAt } from './probing.ts';
import type { SessionState } from './session.ts';
import type { TrainingState } from './training.ts';

const MODEL = { id: 'igpt-cifar-16', layers: 2, width: 8, heads: 1, side: 8, palette: new Uint8Array(6) } as ModelInfo;
const RUN = {
  id: 'r',
  name: 'Mine',
  size: { layers: 1, width: 8, heads: 1, side: 8 },
  palette: new Uint8Array(6),
  recipe: { objective: 'bert' },
  step: 20,
  best: null,
  checkpoints: [10, 20],
} as unknown as RunInfo;
const ALONE = { stacked: false, untrained: false, pixels: false };
const SUMMARY: ProbeSummary = {
  classes: ['cat', 'dog'],
  learnt: 9,
  leftOut: 0,
  tested: Uint32Array.of(70, 71, 72),
  labels: Int16Array.of(0, 1, 1),
  seconds: 1,
};
const result = (layer: number, accuracy = 0.5) =>
  ({
    layers: [layer],
    accuracy,
    predicted: Uint16Array.of(0, 0, 0),
    probability: Float32Array.of(0.9, 0.6, 0.8),
  }) as ProbeResult;
const stopped = () => Object.assign(new Error('Stopped.'), { name: 'AbortError' });

interface Call {
  request: ProbeRequest;
  tell: (progress: ProbeProgress) => void;
  find: (result: ProbeResult) => void;
  end: (summary: ProbeSummary) => void;
  fail: (error: Error) => void;
}

/** A slice beside a data set, a model that is open and a run; the test answers its probes. */
function staged(calls: Partial<LabCalls> = {}) {
  const probes: Call[] = [];
  const lab = {
    probe: (request, tell, find) => new Promise((end, fail) => probes.push({ request, tell, find, end, fail })),
    cancelProbe: async () => probes.at(-1)?.fail(stopped()),
    runHistory: async () =>
      ({
        validations: [
          { step: 5, loss: 4 },
          { step: 15, loss: 3 },
        ],
      }) as RunHistory,
    testedPictures: async (_, numbers) => ({ side: 1, pixels: new Uint8Array(), labels: Int16Array.from(numbers) }),
    ...calls,
  } as LabCalls;
  const running = {
    model: MODEL,
    source: { kind: 'shipped', id: MODEL.id },
    device: { training: { backend: 'wasm' } },
  };
  const list = [{ id: 'd', name: 'Pets', classes: SUMMARY.classes }] as DatasetInfo[];
  const probing = createProbing(
    () => lab,
    createStore(() => running as unknown as SessionState),
    createStore(() => ({ list: [RUN] }) as Partial<TrainingState> as TrainingState),
    createStore(() => ({ list, chosen: 'd' }) as Partial<DatasetsState> as DatasetsState),
  );
  const next = async (count: number) => {
    await vi.waitUntil(() => probes.length === count);
    return probes[count - 1];
  };
  return { probing, next, probes };
}

beforeEach(() => notices.setState({ shown: [] }));

test('unless chosen otherwise, the open model is probed beside an untrained one and the pixels, one after the other', async () => {
  const { probing, next, probes } = staged();
  const done = probing.getState().start();
  for (const [i, subject] of (['model', 'untrained', 'pixels'] as const).entries()) {
    const { request, find, end } = await next(i + 1);
    expect(request).toMatchObject({ dataset: 'd', model: { kind: 'shipped', id: MODEL.id }, subject });
    expect(request).not.toHaveProperty('labels');
    expect(probing.getState().working?.curve).toBe(i);
    find(result(i));
    end(SUMMARY);
  }
  await done;
  expect(probes).toHaveLength(3);
  const { experiment, working } = probing.getState();
  expect(working).toBeNull();
  expect(experiment!.curves.map(({ results, summary }) => [results[0].layers, summary])).toEqual([
    [[0], SUMMARY],
    [[1], SUMMARY],
    [[2], SUMMARY],
  ]);
});

test('layers come one by one, and the best so far is looked at until another is chosen', async () => {
  const { probing, next } = staged();
  void probing.getState().start();
  const { tell, find } = await next(1);
  expect(lookedAt(probing.getState())).toBeUndefined();
  tell({ stage: 'features', done: 1, total: 9 });
  expect(probing.getState().working).toEqual({ curve: 0, progress: { stage: 'features', done: 1, total: 9 } });
  find(result(0, 0.5));
  find(result(1, 0.7));
  find(result(2, 0.6));
  expect(lookedAt(probing.getState())).toMatchObject({ place: 0, at: 1 });
  probing.getState().look(0, 2);
  expect(lookedAt(probing.getState())?.result.layers).toEqual([2]);
});

test('weights of a run are probed as it was trained, with the loss that they were judged at', async () => {
  const { probing, next } = staged();
  probing.getState().change({ models: new Set(['run r 10', 'run r last']), baselines: ALONE, labels: [40] });
  const done = probing.getState().start();
  const { request, end } = await next(1);
  expect(request).toMatchObject({ model: { kind: 'run', run: 'r', which: 'last' }, objective: 'bert', labels: 40 });
  end(SUMMARY);
  (await next(2)).end(SUMMARY);
  await done;
  const { curves } = probing.getState().experiment!;
  expect(curves.map(({ name, loss }) => [name, loss])).toEqual([
    ['Mine, step 20', 3],
    ['Mine, step 10', 4],
  ]);
});

test('what was measured stays when it is cancelled, nothing more is asked for, and nothing is reported', async () => {
  const { probing, next, probes } = staged();
  const done = probing.getState().start();
  const { find } = await next(1);
  find(result(0));
  await probing.getState().cancel();
  await done;
  find(result(1));
  expect(probing.getState().working).toBeNull();
  expect(probing.getState().experiment!.curves[0].results).toHaveLength(1);
  expect(probes).toHaveLength(1);
  expect(notices.getState().shown).toEqual([]);
});

test('an error is told in its own words, and what can still be probed is', async () => {
  const { probing, next } = staged();
  probing.getState().change({ models: new Set([`shipped ${MODEL.id}`, 'run r last']), baselines: ALONE });
  const done = probing.getState().start();
  (await next(1)).fail(new Error('The model gives no finite numbers in layer 1: its weights are damaged.'));
  (await next(2)).end(SUMMARY);
  await done;
  expect(notices.getState().shown.map(({ text }) => text)).toEqual([
    'The model gives no finite numbers in layer 1: its weights are damaged.',
  ]);
  expect(probing.getState().experiment!.curves.map(({ summary }) => summary)).toEqual([null, SUMMARY]);
});

test('a worker that is gone is not asked for the rest', async () => {
  const { probing, next, probes } = staged();
  const done = probing.getState().start();
  (await next(1)).fail(stopped());
  await done;
  expect(probes).toHaveLength(1);
  expect(probing.getState().working).toBeNull();
});

test('a later probe has the place for itself', async () => {
  const { probing, next } = staged();
  void probing.getState().start();
  const first = await next(1);
  void probing.getState().start();
  const second = await next(2);
  first.find(result(0));
  first.tell({ stage: 'pictures', done: 1, total: 2 });
  first.fail(stopped());
  expect(probing.getState().experiment!.curves[0].results).toEqual([]);
  expect(probing.getState().working).toEqual({ curve: 0, progress: null });
  second.find(result(2));
  expect(probing.getState().experiment!.curves[0].results[0].layers).toEqual([2]);
});

test('the pictures that a layer is most certainly wrong about are fetched by their numbers', async () => {
  const { probing, next } = staged();
  probing.getState().change({ baselines: ALONE });
  const done = probing.getState().start();
  const { find, end } = await next(1);
  find(result(0));
  await probing.getState().seeMistakes(probing.getState().experiment!.curves[0], result(0));
  expect(probing.getState().mistakes).toBeNull();
  end(SUMMARY);
  await done;
  const { curve, result: shown } = lookedAt(probing.getState())!;
  await probing.getState().seeMistakes(curve, shown);
  expect(probing.getState().mistakes).toMatchObject({ places: [2, 1], sheet: { labels: Int16Array.of(72, 71) } });
});
