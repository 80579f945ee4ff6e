import { afterEach, describe, expect, it } from 'vitest';
import { chunksOf, streamOf } from './streams.ts';

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

describe('streamOf', () => {
  const failures: unknown[] = [];
  const onError = (error: unknown) => failures.push(error);
  afterEach(() => failures.splice(0));

  it('gives every chunk, and ends with them', async () => {
    async function* letters() {
      yield* 'abc';
    }
    const read: string[] = [];
    for await (const letter of chunksOf(streamOf(letters(), onError))) read.push(letter);
    expect(read).toEqual(['a', 'b', 'c']);
  });

  it.each([['late'], []])('cancelled while it waits for its chunks, fails nothing and ends them', async (...last) => {
    let ended = false;
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    async function* late() {
      try {
        await arrived;
        yield* last;
      } finally {
        ended = true;
      }
    }
    const reader = streamOf(late(), onError).getReader();
    const read = reader.read();
    await new Promise((asked) => setTimeout(asked));
    const cancelled = reader.cancel();
    arrive();
    await cancelled;
    expect(await read).toEqual({ done: true, value: undefined });
    expect(failures).toEqual([]);
    expect(ended).toBe(true);
  });

  it('hands on what its chunks throw, be it no Error, and fails with it', async () => {
    async function* broken() {
      yield 'a';
      throw 'cut';
    }
    const chunks = chunksOf(streamOf(broken(), onError));
    await chunks.next();
    await expect(chunks.next()).rejects.toBe('cut');
    expect(failures).toEqual(['cut']);
  });
});
