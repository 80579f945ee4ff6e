/** Set-up of the unit tests: takes away what Node's streams can do and Safari's cannot (see workers/streams.ts). */
const { prototype } = ReadableStream as { prototype: Partial<ReadableStream> };
delete prototype[Symbol.asyncIterator];
delete prototype.values;

// Node's own iterates the stream.
WebAssembly.instantiateStreaming = async (source, imports) =>
  WebAssembly.instantiate(await (await source).arrayBuffer(), imports);
