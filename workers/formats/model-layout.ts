/** Which of many files are a model, by their names alone: those of a folder as Hugging Face has it. */
import { BadInput } from '../errors.ts';

export const CONFIG = 'config.json';
export const PREPROCESSOR = 'preprocessor_config.json';
export const TENSORS = 'model.safetensors';
/** Says which of several weights files has which tensor. */
export const INDEX = 'model.safetensors.index.json';

const NEEDED = [CONFIG, PREPROCESSOR, TENSORS];
const PICKLED = /^pytorch_model.*\.bin$/;
const WEIGHTS = /\.safetensors$/;

const isPart = (name: string): boolean => NEEDED.includes(name) || name === INDEX || WEIGHTS.test(name);

export interface ModelParts<F> {
  /** Of the folder that they lie in; undefined where they lie in none. */
  folder: string | undefined;
  /** By name, the weights last. */
  files: Map<string, F>;
}

/**
 * The parts of a model among files with their paths, which are parted by slashes: those of the folder nearest to the top
 * that has a config.json, or else anything of a model.
 * @throws BadInput with one sentence if they are not all there.
 */
export function modelParts<F>(all: Iterable<readonly [path: string, file: F]>): ModelParts<F> {
  const folders = new Map<string, Map<string, F>>();
  for (const [path, file] of all) {
    const at = path.lastIndexOf('/');
    const folder = path.slice(0, Math.max(0, at));
    if (!folders.has(folder)) folders.set(folder, new Map());
    folders.get(folder)!.set(path.slice(at + 1), file);
  }
  const depth = (folder: string) => (folder === '' ? 0 : folder.split('/').length);
  const candidates = [...folders].sort(([a], [b]) => depth(a) - depth(b));
  const [folder, files] = candidates.find(([, files]) => files.has(CONFIG)) ??
    candidates.find(([, files]) => [...files.keys()].some((name) => isPart(name) || PICKLED.test(name))) ??
    candidates[0] ?? ['', new Map<string, F>()];
  checkParts([...files.keys()]);
  const sharded = !files.has(TENSORS);
  const used = (name: string) => (sharded ? isPart(name) : NEEDED.includes(name));
  const chosen = [...files].filter(([name]) => used(name));
  chosen.sort(([a], [b]) => Number(WEIGHTS.test(a)) - Number(WEIGHTS.test(b)));
  return { folder: folder.split('/').at(-1) || undefined, files: new Map(chosen) };
}

/** @throws BadInput naming what is missing of a model with files of these names. */
export function checkParts(names: string[]): void {
  const has = (name: string) => names.includes(name);
  const weights = has(TENSORS) || has(INDEX);
  if (!weights && names.some((name) => PICKLED.test(name))) {
    throw new BadInput(
      'pytorch_model.bin cannot be read here: load the model in Python with transformers and save it as ' +
        `${TENSORS} with save_pretrained(folder, safe_serialization=True).`,
    );
  }
  const shard = names.find((name) => WEIGHTS.test(name));
  if (!weights && shard) {
    throw new BadInput(
      `The file ${INDEX} is missing: without it nobody knows what ${shard} is a part of. ` +
        `A model with all its weights in one file has them in ${TENSORS}.`,
    );
  }
  const missing = NEEDED.filter((name) => !has(name) && !(name === TENSORS && weights));
  if (missing.length === 0) return;
  const listed = missing.length === 1 ? `file ${missing[0]} is` : `files ${enumerated(missing)} are`;
  throw new BadInput(`The ${listed} missing: a model needs ${enumerated(NEEDED)}.`);
}

const enumerated = (names: string[]): string => `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
