import { expect, it } from 'vitest';
import { inTurn, median, sentence, settled } from './measure.ts';

it('takes the sides in turn, and goes on without one that fails', async () => {
  const order: string[] = [];
  const side = (name: string, failsAt = Number.POSITIVE_INFINITY) => {
    let calls = 0;
    const sample = async () => {
      order.push(name);
      if (++calls >= failsAt) throw new Error('It broke.');
      return { work: 1, milliseconds: 1 };
    };
    return { name, sample };
  };
  const results = await inTurn([side('ours'), side('peer', 2)], { rounds: 3, milliseconds: 1e6 });
  expect(order).toEqual(['ours', 'peer', 'ours', 'peer', 'ours']);
  expect(results.get('peer')!.outcome).toEqual({ failure: 'It broke.' });
  expect(results.get('ours')!.samples).toBe(3);
});

it('takes one sample of a side that is too slow for more', async () => {
  const slow = { name: 'slow', sample: async () => ({ work: 1, milliseconds: 20 }) };
  const results = await inTurn([slow], { rounds: 5, milliseconds: 10 });
  expect(results.get('slow')!.samples).toBe(1);
  expect(results.get('slow')!.outcome).toEqual({ value: 50 });
});

it('takes the middle, between two when they are even', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

it('keeps only what fits a table of an error', () => {
  expect(sentence(new Error('a | b\nstack'))).toBe('a / b');
  expect(sentence(new Error('It failed:\n\nno export\nstack'))).toBe('It failed: no export stack');
});

it('warms up as long as it becomes faster, and no longer than it may', async () => {
  let calls = 0;
  const getting = async () => ({ work: 1, milliseconds: [100, 50, 20, 10][calls++] ?? 10 });
  expect((await settled(getting, { least: 50, most: 10_000 })).milliseconds).toBe(10);
  expect(calls).toBe(7); // three without a gain after the fourth
  const slow = async () => ({ work: 1, milliseconds: 9000 });
  expect((await settled(slow, { least: 50, most: 6000 })).milliseconds).toBe(9000);
});
