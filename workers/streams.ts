/**
 * Reads web streams. Safari cannot iterate a ReadableStream (up to 26.6 at least), so nothing here does: below, the
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
