/** A file packed by gzip, as a stream, unpacked by the browser or Node. Source: RFC 1952. */

import { Aborted, BadInput } from '../../errors.ts';
import { chunksOf, streamOf } from '../../streams.ts';
import { entrySource, type Source } from '../source.ts';
import { checkGrowth } from './limits.ts';

/** The one file inside. @throws BadInput, also while it is read, if the archive is damaged or cut off. */
export function gunzipped(source: Source): Promise<Source> {
  const name = source.name.replace(/\.gz$/i, '').replace(/\.tgz$/i, '.tar');
  return entrySource(source, name, undefined, unpacked(source));
}

async function* unpacked(source: Source): AsyncGenerator<Uint8Array> {
  let packedBytes = 0;
  let unpackedBytes = 0;
  // What the source itself throws reaches the reader unchanged; all else is the unpacker's.
  let failure: unknown;
  async function* counted() {
    for await (const chunk of source.stream()) {
      packedBytes += chunk.length;
      yield chunk as Uint8Array<ArrayBuffer>;
    }
  }
  const packed = streamOf(counted(), (error) => {
    failure = error;
  });
  try {
    for await (const chunk of chunksOf(packed.pipeThrough(new DecompressionStream('gzip')))) {
      unpackedBytes += chunk.length;
      checkGrowth(source.path, packedBytes, unpackedBytes);
      yield chunk;
    }
  } catch (error) {
    if (failure !== undefined) throw failure;
    if (error instanceof BadInput || error instanceof Aborted) throw error;
    throw new BadInput(`${source.path} is damaged or cut off: it could be unpacked up to byte ${packedBytes} at most.`);
  }
}
