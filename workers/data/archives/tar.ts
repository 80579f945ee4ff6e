/** The files in a tar archive, one after the other, as streams. Links, folders and devices are passed over. */

import type { ParsedTarEntry } from 'modern-tar';
import { Aborted, BadInput } from '../../errors.ts';
import { chunksOf, streamOf } from '../../streams.ts';
import { entrySource, type Source } from '../source.ts';
import { checkName } from './limits.ts';

const BLOCK = 512;

/** Whether a file's first bytes are a tar header: its checksum is right. Source: POSIX.1-1988 (ustar). */
export function isTar(head: Uint8Array): boolean {
  if (head.length < BLOCK || head[0] === 0) return false;
  const written = /^[ \0]*([0-7]{1,7})[ \0]/.exec(String.fromCharCode(...head.subarray(148, 157)));
  if (!written) return false;
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : head[i];
  return sum === Number.parseInt(written[1], 8);
}

/** Each file can be read until the next one is asked for. @throws BadInput if the archive is damaged or cut off. */
export async function* tarEntries(source: Source): AsyncGenerator<Source> {
  const { createTarDecoder } = await import('modern-tar');
  let read = 0;
  let failure: unknown;
  async function* counted() {
    for await (const chunk of source.stream()) {
      read += chunk.length;
      yield chunk;
    }
  }
  const packed = streamOf(counted(), (error) => {
    failure = error;
  });
  const explained = (error: unknown) => {
    if (failure !== undefined) return failure;
    if (error instanceof BadInput || error instanceof Aborted) return error;
    return new BadInput(`${source.path} is damaged or cut off, somewhere before byte ${read}.`);
  };
  try {
    for await (const entry of chunksOf(packed.pipeThrough(createTarDecoder({ strict: true })))) {
      const { header } = entry;
      const body = entry.body.getReader();
      checkName(source.path, header.name);
      if (header.type === 'file') {
        yield await entrySource(source, header.name, header.size, bodyChunks(entry, body, explained));
      }
      await body.cancel();
    }
  } catch (error) {
    throw explained(error);
  }
}

async function* bodyChunks(
  { header }: ParsedTarEntry,
  body: ReadableStreamDefaultReader<Uint8Array>,
  explained: (error: unknown) => unknown,
): AsyncGenerator<Uint8Array> {
  let left = header.size;
  while (left > 0) {
    const { done, value } = await body.read().catch((error) => {
      throw explained(error);
    });
    if (done) throw explained(undefined);
    left -= value.length;
    yield value;
  }
}
