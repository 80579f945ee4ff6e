/** The CIFAR-10 that is served beside the page: six official files, fetched only when they are asked for. */

import * as v from 'valibot';
import type { Incoming } from '../data/read-dataset.ts';
import { BadInput } from '../errors.ts';
import { chunksOf } from '../streams.ts';
import { isIntact } from './intact.ts';

/** index.json as tools/cifar10-plugin.ts writes it. */
const Index = v.object({
  files: v.array(
    v.object({
      name: v.pipe(v.string(), v.regex(/^[a-z0-9_]+\.bin$/)),
      bytes: v.number(),
      sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    }),
  ),
  note: v.optional(v.string()),
});
export type BundledIndex = v.InferOutput<typeof Index>;

const MISSING = 'CIFAR-10 was not built into this page.';

/** What is there, and why nothing is, if so. */
export async function bundledIndex(base: string | undefined): Promise<BundledIndex> {
  if (base === undefined) return { files: [], note: MISSING };
  const response = await fetch(new URL('index.json', base)).catch(() => undefined);
  if (!response) throw new BadInput('The list of the bundled data could not be fetched: is the connection down?');
  const parsed = response.ok ? v.safeParse(Index, await response.json().catch(() => undefined)) : undefined;
  return parsed?.success ? parsed.output : { files: [], note: MISSING };
}

/** Files of it as a reader takes them; each is fetched when its turn comes. */
export function bundledFiles(base: string, files: BundledIndex['files'], signal: AbortSignal): Incoming[] {
  return files.map(({ name, bytes, sha256 }) => ({
    path: name,
    file: { size: bytes, stream: () => download(new URL(name, base), name, sha256, signal) },
  }));
}

/** The last piece is handed on when all of them have proved to be what they should be. */
async function* download(url: URL, name: string, sha256: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    // The browser's cache gains nothing: what is added stays in its storage, and what is damaged must not stay.
    const response = await fetch(url, { signal, cache: 'no-store' });
    if (!response.ok) throw new BadInput(`${name} could not be fetched (status ${response.status}).`);
    const parts: Uint8Array[] = [];
    for await (const part of chunksOf(response.body!)) {
      yield* parts.slice(-1);
      parts.push(part);
    }
    if (!(await isIntact(new Blob(parts as BlobPart[]), sha256)))
      throw new BadInput(`${name} arrived damaged: try again.`);
    yield* parts.slice(-1);
  } catch (error) {
    // A download that was stopped is not one that broke off; the reader tells it by the signal.
    if (error instanceof BadInput || signal.aborted) throw error;
    throw new BadInput(`The download of ${name} broke off: try again.`);
  }
}
