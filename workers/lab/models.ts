/** Opens models: a folder of files becomes a model on the backend, together with its palette. */

import type { LoadProgress, ModelInfo, ModelSource } from '../contract.ts';
import { paletteBytes } from '../data/palette.ts';
import { BadInput } from '../errors.ts';
import { type ModelFolder, readModelFolder, readModelHead } from '../formats/huggingface.ts';
import { type Config, parameterCount, sideOf, type Weights } from '../igpt/config.ts';
import { ImageGPT } from '../igpt/reference.ts';
import type { OwnFiles } from './own-files.ts';

const FILES = ['config.json', 'preprocessor_config.json', 'model.safetensors'];

export interface OpenModel {
  gpt: ImageGPT;
  weights: Weights;
  info: ModelInfo;
  /** [colours × 3] in [-1, 1] */
  palette: Float32Array;
}

/**
 * Loads and checks a model; the caller disposes `gpt`. `models` is the address that shipped models lie under. Throws
 * BadInput with one sentence for anything wrong with the files.
 */
export async function openModel(
  source: Exclude<ModelSource, { kind: 'run' }>,
  models: string,
  onProgress: (progress: LoadProgress) => void,
): Promise<OpenModel> {
  if (source.kind === 'shipped') return fromFiles(await modelFiles(source, models, onProgress), source.id);
  const { ownFiles } = await import('./own-files.ts');
  const own = await ownFiles(source.files, onProgress);
  return fromFiles(await readWhole(own), 'own', source.kept?.name ?? own.name);
}

/** The files of a model by name, unchecked. */
export async function modelFiles(
  source: Exclude<ModelSource, { kind: 'run' }>,
  models: string,
  onProgress: (progress: LoadProgress) => void,
): Promise<Map<string, Uint8Array>> {
  if (source.kind === 'shipped') return fetchFiles(new URL(`${source.id}/`, models), onProgress);
  const { ownFiles } = await import('./own-files.ts');
  return readWhole(await ownFiles(source.files, onProgress));
}

/** The weights only after the rest has proved to be a model. */
async function readWhole(own: OwnFiles): Promise<Map<string, Uint8Array>> {
  const { readSmall, readWeightFiles } = await import('./own-files.ts');
  const small = await readSmall(own);
  readModelHead(small);
  return new Map([...small, ...(await readWeightFiles(own))]);
}

/** The same from bytes already at hand, by file name. */
export function fromFiles(files: Map<string, Uint8Array>, id: string, name?: string): OpenModel {
  const folder = readModelFolder(files);
  return fromFolder(folder, id, name ?? (id === 'own' ? sizeName(folder.config) : id));
}

/** What a model without a name is called. */
export const sizeName = ({ n_layer, n_embd }: Config): string =>
  `${n_layer} ${n_layer === 1 ? 'layer' : 'layers'}, width ${n_embd}`;

export function fromFolder({ config, palette, weights, classes }: ModelFolder, id: string, name: string): OpenModel {
  const info: ModelInfo = {
    id,
    name,
    layers: config.n_layer,
    width: config.n_embd,
    heads: config.n_head,
    side: sideOf(config),
    parameters: parameterCount(config),
    palette: paletteBytes(palette),
    clusters: palette,
    classes,
  };
  return { gpt: new ImageGPT(config, weights), weights, info, palette };
}

/** The same the other way round. */
export const folderOf = ({ gpt, palette, weights, info }: OpenModel): ModelFolder => ({
  config: gpt.config,
  palette,
  weights,
  classes: info.classes,
});

async function fetchFiles(base: URL, onProgress: (p: LoadProgress) => void): Promise<Map<string, Uint8Array>> {
  const responses = await Promise.all(FILES.map((name) => fetchOne(new URL(name, base))));
  // A compressed transfer announces its compressed length, so only an uncompressed one gives a total.
  const lengths = responses.map((r) =>
    r.headers.get('content-encoding') ? 0 : Number(r.headers.get('content-length') ?? 0),
  );
  const total = lengths.every((n) => n > 0) ? lengths.reduce((a, b) => a + b, 0) : 0;
  let loaded = 0;
  const onBytes = (n: number) => {
    loaded += n;
    onProgress({ loaded, total });
  };
  const bodies = await Promise.all(responses.map((r) => readBody(r, onBytes)));
  return new Map(FILES.map((name, i) => [name, bodies[i]]));
}

async function fetchOne(url: URL): Promise<Response> {
  const response = await fetch(url).catch(() => undefined);
  if (!response) throw new BadInput(`The model file ${url.pathname} could not be fetched: is the connection down?`);
  if (!response.ok)
    throw new BadInput(`The model file ${url.pathname} could not be fetched (status ${response.status}).`);
  return response;
}

async function readBody(response: Response, onBytes: (n: number) => void): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of response.body!) {
      parts.push(part);
      onBytes(part.length);
    }
  } catch {
    throw new BadInput(`The download of ${new URL(response.url).pathname} broke off: try again.`);
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}
