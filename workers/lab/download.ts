/** Fetches the files of a shipped model, and makes sure that they are those that the page was built with. */
import type { LoadProgress } from '../contract.ts';
import { BadInput } from '../errors.ts';
import { chunksOf } from '../streams.ts';
import { isIntact } from './intact.ts';

const FILES = ['config.json', 'preprocessor_config.json', 'model.safetensors'];

export interface KnownFile {
  bytes: number;
  /** In hexadecimal digits. */
  sha256: string;
}

export interface ShippedModels {
  /** The address that they lie under. */
  address: string;
  /** Their files by "<model>/<file>". What is not among them is not checked. */
  files?: Readonly<Record<string, KnownFile>>;
}

/** The files of a model by name. @throws BadInput with one sentence if one does not come, or does not come whole. */
export async function fetchModel(
  id: string,
  { address, files = {} }: ShippedModels,
  onProgress: (progress: LoadProgress) => void,
): Promise<Map<string, Uint8Array>> {
  const wanted = FILES.map((name) => ({ url: new URL(`${id}/${name}`, address), known: files[`${id}/${name}`] }));
  // Headers would not do: a compressed transfer announces its compressed length.
  const total = wanted.reduce((sum, { known }) => sum + (known?.bytes ?? Number.NaN), 0) || 0;
  let loaded = 0;
  const onBytes = (more: number) => {
    loaded += more;
    onProgress({ loaded, total });
  };
  const bodies = await Promise.all(wanted.map(({ url, known }) => fetchWhole(url, known, onBytes)));
  return new Map(FILES.map((name, i) => [name, bodies[i]]));
}

/** What a cache holds stays damaged however often it is read, so the second attempt goes past it. */
async function fetchWhole(url: URL, known: KnownFile | undefined, onBytes: (n: number) => void): Promise<Uint8Array> {
  for (const cache of ['default', 'reload'] as const) {
    const bytes = await readBody(await fetchOne(url, cache), onBytes);
    if (!known || (await isIntact(bytes, known.sha256))) return bytes;
    onBytes(-bytes.length);
  }
  throw new BadInput(`The model file ${url.pathname} arrived damaged: try again, or reload the page.`);
}

async function fetchOne(url: URL, cache: RequestCache): Promise<Response> {
  const response = await fetch(url, { cache }).catch(() => undefined);
  if (!response) throw new BadInput(`The model file ${url.pathname} could not be fetched: is the connection down?`);
  if (!response.ok)
    throw new BadInput(`The model file ${url.pathname} could not be fetched (status ${response.status}).`);
  return response;
}

async function readBody(response: Response, onBytes: (n: number) => void): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of chunksOf(response.body!)) {
      parts.push(part);
      onBytes(part.length);
    }
  } catch {
    throw new BadInput(`The download of ${new URL(response.url).pathname} broke off: try again.`);
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}
