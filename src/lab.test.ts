import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectLab, type LabConnection } from './lab.ts';
import { delivered, StubWorker } from './testing.ts';

const crashed = vi.fn();
let connection: LabConnection;
let worker: StubWorker;

beforeEach(() => {
  vi.stubGlobal('Worker', StubWorker);
  crashed.mockClear();
  connection = connectLab(crashed);
  worker = StubWorker.last;
});
afterEach(() => {
  connection.close();
  vi.unstubAllGlobals();
});

/** Every call that hands functions over, and how many. */
const CALLBACKS = [
  ['openModel', 1],
  ['complete', 1],
  ['benchmark', 1],
  ['startRun', 1],
  ['resumeRun', 1],
  ['probe', 2],
  ['evaluate', 2],
  ['addDataset', 1],
  ['addBundledDataset', 1],
  ['fitPalette', 1],
] as const;

test.each(CALLBACKS)('what a worker that has ended still has to say of %s is heard by nobody', async (name, count) => {
  const heard = vi.fn();
  const call = connection.lab[name] as (...values: unknown[]) => Promise<unknown>;
  const answer = call({ what: 'is asked' }, ...new Array(count).fill(heard));
  const failure = answer.catch((error: Error) => error.name);
  const { functions, answer: reply } = await worker.called(name);
  expect(functions.length).toBe(count);
  for (const tell of functions) await tell('in time');
  expect(heard.mock.calls).toEqual(new Array(count).fill(['in time']));

  // What lies in the queue of a port that is closed is delivered all the same by some.
  const close = vi.spyOn(MessagePort.prototype, 'close').mockImplementation(() => {});
  for (const tell of functions) void tell('posted before the end');
  reply('too late');
  worker.fail('Out of memory');
  expect(worker.terminated).toBe(true);
  for (const tell of functions) void tell('posted after the end');
  await delivered();
  expect(heard).toHaveBeenCalledTimes(count);
  close.mockRestore();
  expect(await failure).toBe('AbortError');
  expect(crashed.mock.calls).toEqual([['The part of this page that runs the model has failed: Out of memory.']]);
});

test('a device that is lost after the connection was closed is nothing to tell', async () => {
  const started = connection.lab.start('auto');
  (await worker.called('start')).answer({ backend: 'wasm' });
  const { functions, answer } = await worker.called('onLost');
  answer(undefined);
  expect(await started).toEqual({ backend: 'wasm' });
  connection.close();
  void functions[0]('The graphics device was lost.');
  await delivered();
  expect(crashed).not.toHaveBeenCalled();
});

test('the ports of callbacks are closed with the connection, and a closed one asks nothing of the worker', async () => {
  const close = vi.spyOn(MessagePort.prototype, 'close');
  const tell = vi.fn();
  const answer = connection.lab.benchmark(tell).catch((error: Error) => error.name);
  await worker.called('benchmark');
  connection.close();
  expect(close).toHaveBeenCalledTimes(1);
  expect(await answer).toBe('AbortError');
  await expect(connection.lab.benchmark(tell)).rejects.toThrow('Stopped.');
  await delivered();
  expect(worker.calls.length).toBe(1);
  close.mockRestore();
});
