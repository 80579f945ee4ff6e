/** Opens models: a folder of files becomes a model on the backend, together with its palette. */

import type { LoadProgress, ModelInfo, ModelSource } from '../contract.ts';
import { paletteBytes } from '../data/palette.ts';
import { type ModelFolder, readModelFolder, readModelHead } from '../formats/huggingface.ts';
import { type Config, parameterCount, sideOf, type Weights } from '../igpt/config.ts';
import { ImageGPT } from '../igpt/reference.ts';
import { fetchModel, type ShippedModels } from './download.ts';
import type { OwnFiles } from './own-files.ts';
import type { LabRuns } from './training-calls.ts';

export interface OpenModel {
  gpt: ImageGPT;
  weights: Weights;
  info: ModelInfo;
  /** [colours × 3] in [-1, 1] */
  palette: Float32Array;
}

/**
 * Loads and checks a model; the caller disposes `gpt`. Throws BadInput with one sentence for anything wrong with the files.
 */
export async function openModel(
  source: Exclude<ModelSource, { kind: 'run' }>,
  models: ShippedModels,
  onProgress: (progress: LoadProgress) => void,
  allow: Allow = () => {},
): Promise<OpenModel> {
  if (source.kind === 'shipped') {
    const files = await fetchModel(source.id, models, onProgress);
    await allow(readModelHead(files).config, bytesOf(files.values()));
    return fromFiles(files, source.id);
  }
  const { ownFiles } = await import('./own-files.ts');
  const own = await ownFiles(source.files, onProgress);
  return fromFiles(await readWhole(own, allow), 'own', source.kept?.name ?? own.name);
}

/**
 * May throw to refuse a model whose files have so many bytes, before its weights are read or made.
 */
type Allow = (config: Config, fileBytes: number) => Promise<void> | void;

const bytesOf = (parts: Iterable<{ length: number }>): number =>
  [...parts].reduce((sum, { length }) => sum + length, 0);

/** A model of any source for nothing but its numbers. @throws BadInput as openModel */
export async function sourceFolder(
  source: ModelSource,
  models: ShippedModels,
  openWeights: LabRuns['openWeights'],
): Promise<ModelFolder> {
  if (source.kind === 'run') return (await openWeights(source.run, source.which)).folder;
  return readModelFolder(await modelFiles(source, models, () => {}));
}

/** The files of a model by name, unchecked. */
async function modelFiles(
  source: Exclude<ModelSource, { kind: 'run' }>,
  models: ShippedModels,
  onProgress: (progress: LoadProgress) => void,
): Promise<Map<string, Uint8Array>> {
  if (source.kind === 'shipped') return fetchModel(source.id, models, onProgress);
  const { ownFiles } = await import('./own-files.ts');
  return readWhole(await ownFiles(source.files, onProgress));
}

/** The weights only after the rest has proved to be a model. */
async function readWhole(own: OwnFiles, allow: Allow = () => {}): Promise<Map<string, Uint8Array>> {
  const { readSmall, readWeightFiles } = await import('./own-files.ts');
  const small = await readSmall(own);
  const { config } = readModelHead(small);
  await allow(config, own.bytes);
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

export function fromFolder(
  { config, palette, weights, classes, starts }: ModelFolder,
  id: string,
  name: string,
): OpenModel {
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
    starts,
  };
  return { gpt: new ImageGPT(config, weights), weights, info, palette };
}

/** The same the other way round. */
export const folderOf = ({ gpt, palette, weights, info }: OpenModel): ModelFolder => ({
  config: gpt.config,
  palette,
  weights,
  classes: info.classes,
  starts: info.starts,
});
