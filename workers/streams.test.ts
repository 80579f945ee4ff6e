import { describe, expect, it } from 'vitest';
import { chunksOf } from './streams.ts';

const counting = (to: number, onCancel = () => {}) => {
  let next = 0;
  return new ReadableStream<number>({
    pull(controller) {
      if (next === to) controller.close();
      else controller.enqueue(next++);
    },
    cancel: onCancel,
  });
};

describe('chunksOf', () => {
  it('reads a stream where streams cannot be iterated', async () => {
    expect(Symbol.asyncIterator in ReadableStream.prototype).toBe(false);
    const read: number[] = [];
    for await (const chunk of chunksOf(counting(3))) read.push(chunk);
    expect(read).toEqual([0, 1, 2]);
  });

  it('cancels the stream when its reader stops early', async () => {
    let cancelled = false;
    for await (const chunk of chunksOf(counting(3, () => (cancelled = true)))) if (chunk === 1) break;
    expect(cancelled).toBe(true);
  });

  it('throws what the stream throws', async () => {
    const broken = new ReadableStream<number>({ pull: (controller) => controller.error(new Error('cut')) });
    await expect(chunksOf(broken).next()).rejects.toThrow('cut');
  });
});
