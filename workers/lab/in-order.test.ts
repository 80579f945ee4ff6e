/** A page has everything that a call reports before it has the call's answer, however slowly messages come. */
import { expect, test } from 'vitest';
import { inOrder } from './in-order.ts';

/** A callback as Comlink hands it to a worker: a call settles when the page has taken it, which takes a while. */
function slowly(onTaken: (value: number) => void) {
  return async (value: number) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    onTaken(value);
  };
}

test('an answer comes after the last report', async () => {
  const taken: number[] = [];
  const { probe } = inOrder({
    probe: async (layers: number, onResult: (layer: number) => void) => {
      for (let layer = 0; layer < layers; layer++) onResult(layer);
      return 'done';
    },
  });
  expect(
    await probe(
      3,
      slowly((layer) => taken.push(layer)),
    ),
  ).toBe('done');
  expect(taken).toEqual([0, 1, 2]);
});

test('an error comes after the last report too', async () => {
  const taken: number[] = [];
  const { fail } = inOrder({
    fail: async (onResult: (value: number) => void) => {
      onResult(1);
      throw new Error('broken');
    },
  });
  await expect(fail(slowly((value) => taken.push(value)))).rejects.toThrow('broken');
  expect(taken).toEqual([1]);
});

test('a report that fails is not waited for, and its failure is for who reported', async () => {
  let failure: unknown;
  const { report } = inOrder({
    report: async (onResult: () => Promise<void>) => {
      await onResult().catch((error) => {
        failure = error;
      });
      return 'done';
    },
  });
  expect(await report(() => Promise.reject(new Error('gone')))).toBe('done');
  expect(failure).toEqual(new Error('gone'));
});

test('reports that come after the answer go on', async () => {
  const taken: number[] = [];
  let later = async (_: number) => {};
  const { start } = inOrder({
    start: async (onUpdate: (step: number) => Promise<void>) => {
      later = onUpdate;
    },
  });
  await start(async (step) => void taken.push(step));
  await later(7);
  expect(taken).toEqual([7]);
});
