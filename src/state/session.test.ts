import { expect, test, vi } from 'vitest';
import type { ModelInfo } from '../../workers/contract.ts';
import type { ConnectLab, LabCalls } from '../lab.ts';
import { DEVICE } from '../testing.ts';
import { notices } from './notices.ts';
import { createSession } from './session.ts';

const modelOf = (id: string): ModelInfo => ({
  id,
  name: id,
  layers: 1,
  width: 8,
  heads: 1,
  side: 2,
  parameters: 1,
  palette: new Uint8Array(6),
  clusters: new Float32Array(6),
});

/** A session on labs that can be made to fail or to crash. */
function staged(calls: Partial<LabCalls> = {}) {
  const crashes: ((message: string) => void)[] = [];
  const closed = vi.fn();
  const connect: ConnectLab = (onCrash) => {
    crashes.push(onCrash);
    const lab = {
      start: async () => DEVICE,
      openModel: async (source) => modelOf(source.kind === 'shipped' ? source.id : 'own'),
      ...calls,
    } as LabCalls;
    return { lab, close: closed };
  };
  return { session: createSession(connect), crashes, closed };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test('a started session knows its device and its model', async () => {
  const { session } = staged();
  await session.getState().start();
  expect(session.getState()).toMatchObject({ phase: 'ready', device: DEVICE, model: { id: 'igpt-cifar-16' } });
});

test('after a crash the same model comes back by itself', async () => {
  const { session, crashes } = staged();
  await session.getState().openModel({ kind: 'shipped', id: 'other' });
  crashes[0]('The GPU was lost.');
  await settled();
  expect(crashes.length).toBe(2);
  expect(session.getState()).toMatchObject({ phase: 'ready', model: { id: 'other' } });
});

test('workers that die one after the other are not started for ever, unless they get further', async () => {
  const { session, crashes } = staged();
  await session.getState().start();
  for (let crash = 0; crash < 3; crash++) {
    crashes[crash]('Out of memory.');
    await settled();
  }
  session.getState().gotFurther();
  for (let crash = 3; crash < 7; crash++) {
    expect(session.getState().phase).toBe('ready');
    crashes[crash]('Out of memory.');
    await settled();
  }
  expect(session.getState().phase).toBe('failed');
  expect(crashes.length).toBe(7);
  const { text, more } = notices.getState().shown.at(-1)!;
  expect(text).toBe('Out of memory. This has happened 4 times in a row.');
  more.way!.go();
  await settled();
  expect(session.getState().phase).toBe('ready');
});

test('a worker that gets nowhere is replaced as after a crash, four times in a row at most, however long each has lived', async () => {
  const { session, crashes, closed } = staged();
  await session.getState().start();
  vi.useFakeTimers({ toFake: ['performance'] });
  for (let time = 1; time < 4; time++) {
    vi.advanceTimersByTime(3_600_000);
    session.getState().replaceWorker('The run stands still.');
    await settled();
    expect(closed).toHaveBeenCalledTimes(time);
    expect(crashes.length).toBe(1 + time);
    expect(session.getState().phase).toBe('ready');
  }
  vi.advanceTimersByTime(3_600_000);
  session.getState().replaceWorker('The run stands still.');
  vi.useRealTimers();
  expect(session.getState()).toMatchObject({ phase: 'failed', worker: null });
  expect(notices.getState().shown.at(-1)!.text).toBe('The run stands still. This has happened 4 times in a row.');
});

test('a model of one’s own that is gone after a crash gives way to the usual one', async () => {
  let gone = false;
  const { session, crashes } = staged({
    openModel: async (source) => {
      if (gone && source.kind === 'files') throw new Error('This model is no longer there.');
      return modelOf(source.kind === 'shipped' ? source.id : 'own');
    },
  });
  await session.getState().start();
  await session.getState().openModel({ kind: 'files', files: [] });
  gone = true;
  crashes[0]('Out of memory.');
  await settled();
  expect(notices.getState().shown.at(-1)!.text).toBe('This model is no longer there.');
  expect(session.getState()).toMatchObject({ phase: 'ready', model: { id: 'igpt-cifar-16' } });
});

test('a device that is lost while the model loads is opened again', async () => {
  let load: () => void = () => {};
  const { session, crashes } = staged({
    openModel: (source) =>
      new Promise((resolve) => {
        load = () => resolve(modelOf(source.kind === 'shipped' ? source.id : 'own'));
      }),
  });
  void session.getState().start();
  await settled();
  crashes[0]('The graphics device was lost.');
  await settled();
  expect(crashes.length).toBe(2);
  load();
  await settled();
  expect(session.getState().phase).toBe('ready');
});

test('a worker that dies while starting is not started over and over', async () => {
  const { session, crashes } = staged({ start: () => new Promise(() => {}) });
  void session.getState().start();
  crashes[0]('The worker could not be loaded.');
  await settled();
  expect(crashes.length).toBe(1);
  expect(session.getState().phase).toBe('failed');
  expect(() => session.getState().lab()).toThrow(/not ready/);
});

test('what needs no model can be asked for while one loads, and after none could be loaded', async () => {
  let fail: (error: Error) => void = () => {};
  const { session, crashes } = staged({
    openModel: () => new Promise((_, reject) => (fail = reject)),
    listDatasets: async () => [],
  });
  expect(session.getState().worker).toBeNull();
  const starting = session.getState().start();
  await settled();
  expect(session.getState().phase).toBe('loading');
  await expect(session.getState().worker?.listDatasets()).resolves.toEqual([]);
  fail(new Error('The model could not be fetched.'));
  await starting;
  expect(session.getState().phase).toBe('failed');
  await expect(session.getState().worker?.listDatasets()).resolves.toEqual([]);
  crashes[0]('The worker has failed.');
  expect(session.getState().worker).toBeNull();
});

test('a model that is opened while another one loads: nothing is asked before the last one is there', async () => {
  const loads: { come: () => void; fail: (error: Error) => void }[] = [];
  const { session } = staged({
    openModel: (source) =>
      new Promise((resolve, reject) => {
        const come = () => resolve(modelOf(source.kind === 'shipped' ? source.id : 'own'));
        loads.push({ come, fail: reject });
      }),
  });
  void session.getState().start();
  await settled();
  void session.getState().openModel({ kind: 'files', files: [] });
  loads[0].come();
  await settled();
  expect(session.getState()).toMatchObject({ phase: 'loading', model: { id: 'igpt-cifar-16' } });
  expect(() => session.getState().lab()).toThrow(/not ready/);
  loads[1].come();
  await settled();
  expect(session.getState()).toMatchObject({ phase: 'ready', model: { id: 'own' } });

  void session.getState().openModel({ kind: 'shipped', id: 'broken' });
  void session.getState().openModel({ kind: 'shipped', id: 'other' });
  loads[2].fail(new Error('The model could not be fetched.'));
  await settled();
  expect(notices.getState().shown.at(-1)!.text).toBe('The model could not be fetched.');
  expect(session.getState()).toMatchObject({ phase: 'loading', model: { id: 'own' } });
  loads[3].come();
  await settled();
  expect(session.getState()).toMatchObject({ phase: 'ready', model: { id: 'other' } });
});

test('model files that cannot be read leave the model before at work', async () => {
  const { session } = staged({
    openModel: async (source) => {
      if (source.kind === 'files') throw new Error('config.json is missing.');
      return modelOf(source.kind === 'shipped' ? source.id : source.run);
    },
  });
  await session.getState().start();
  await session.getState().openModel({ kind: 'files', files: [] });
  expect(session.getState()).toMatchObject({ phase: 'ready', model: { id: 'igpt-cifar-16' } });
});

test('choosing another backend ends the worker before', async () => {
  const { session, crashes, closed } = staged();
  await session.getState().start();
  await session.getState().chooseBackend('webgl');
  expect(closed).toHaveBeenCalledTimes(1);
  expect(crashes.length).toBe(2);
  expect(session.getState()).toMatchObject({ phase: 'ready', wish: 'webgl' });
});
