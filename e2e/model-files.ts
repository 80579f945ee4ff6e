/** Model folders for opening, whole and with one thing wrong. */

import { readFileSync } from 'node:fs';
import { parseSafetensors, toFloat32, writeSafetensors } from '../workers/formats/safetensors.ts';

export type ModelFiles = Map<string, Uint8Array>;

const NAMES = ['config.json', 'preprocessor_config.json', 'model.safetensors'];

/** A tiny model among those that the unit tests are held against. */
export const fixture = (name: string): ModelFiles => folder(`../workers/igpt/fixtures/${name}/`);

/** The model that the page brings along. */
export const shipped = (): ModelFiles => folder('../public/models/igpt-cifar-16/');

function folder(path: string): ModelFiles {
  const address = new URL(path, import.meta.url);
  return new Map(NAMES.map((file) => [file, new Uint8Array(readFileSync(new URL(file, address)))]));
}

export function without(files: ModelFiles, name: string): ModelFiles {
  return new Map([...files].filter(([file]) => file !== name));
}

/** The folder with other weights bytes. */
export function withWeights(files: ModelFiles, change: (bytes: Uint8Array) => Uint8Array): ModelFiles {
  return new Map([...files, ['model.safetensors', change(files.get('model.safetensors')!)]]);
}

type Tensors = Parameters<typeof writeSafetensors>[0];

/** The folder with its weights changed and written anew, in full precision; masks, which are no weights, are left out. */
export function withTensors(files: ModelFiles, change: (tensors: Tensors) => void): ModelFiles {
  return withWeights(files, (bytes) => {
    const tensors: Tensors = new Map();
    for (const [name, tensor] of parseSafetensors(bytes)) {
      if (tensor.dtype !== 'U8') tensors.set(name, { shape: tensor.shape, data: toFloat32(tensor).slice() });
    }
    change(tensors);
    return writeSafetensors(tensors, 'F32');
  });
}

/** The folder with entries of config.json changed. */
export function withConfig(files: ModelFiles, entries: Record<string, unknown>): ModelFiles {
  const config = JSON.parse(new TextDecoder().decode(files.get('config.json')));
  return new Map([...files, ['config.json', new TextEncoder().encode(JSON.stringify({ ...config, ...entries }))]]);
}
