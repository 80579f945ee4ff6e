/**
 * Reads and makes web streams. Safari cannot iterate a ReadableStream (up to 26.6 at least), so nothing here does: below, the
 * type of its iterator makes `for await` over a stream a type error, and tools/as-in-safari.ts takes the iterator away
 * in tests.
 */

declare global {
  // The parameter's name has to be that of TypeScript's library.
  interface ReadableStream<R> {
    /** Not in Safari: use chunksOf. */
    [Symbol.asyncIterator](): never;
  }
}

/** The chunks of a stream, one after the other. A reader that stops early cancels the stream. */
export async function* chunksOf<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * The chunks as a stream, for what reads streams alone. A stream that is cancelled ends its chunks, even while the
 * next one is on its way.
 * @param onError is called with what the chunks throw, before the stream fails with it
 */
export function streamOf<T>(chunks: AsyncIterable<T>, onError: (error: unknown) => void): ReadableStream<T> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream<T>({
    async pull(controller) {
      const { done, value } = await iterator.next().catch((error) => {
        onError(error);
        throw error;
      });
      // Throws where the stream was cancelled meanwhile; a stream that is closed takes no notice.
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
