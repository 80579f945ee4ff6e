/** What the commands share: reading options, models and pictures from disk. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allowRelaxedSimd, simdKernels } from '../tools/simd-kernels.ts';
import type { BackendName, DatasetInfo, IncomingFile } from '../workers/contract.ts';
import { readCifar10 } from '../workers/data/cifar.ts';
import { encodePixels } from '../workers/data/palette.ts';
import { resizeArea } from '../workers/data/resize.ts';
import { dawnGpu } from '../workers/engine/dawn.ts';
import { BadInput } from '../workers/errors.ts';
import { type ModelFolder, readModelFolder } from '../workers/formats/huggingface.ts';
import { modelParts } from '../workers/formats/model-layout.ts';
import { SOS } from '../workers/igpt/config.ts';
import { type Backend, startBackend } from '../workers/lab/backend.ts';
import { fromFiles, type OpenModel } from '../workers/lab/models.ts';

/** A whole number of at least `least`; the option's name for the message. */
export function wholeNumber(text: string, option: string, least = 0): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < least)
    throw new BadInput(`--${option} needs a whole number from ${least} on, not ${text}.`);
  return n;
}

export function needed(value: string | undefined, option: string): string {
  if (value === undefined) throw new BadInput(`--${option} is missing.`);
  return value;
}

export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch {
    throw new BadInput(`The file ${path} cannot be read.`);
  }
}

/**
 * Files and folders from disk, as if they had been dropped: with their paths from the folder on that all of them are in. What is
 * above it says nothing, and may be hidden.
 */
export async function incoming(paths: string[]): Promise<IncomingFile[]> {
  const found = (await Promise.all(paths.map((path) => filesBelow(resolve(path), path)))).flat();
  const steps = found.map((path) => path.split(sep));
  const least = Math.min(...steps.map(({ length }) => length));
  let common = 0;
  while (common < least - 1 && steps.every((path) => path[common] === steps[0][common])) common++;
  const from = Math.max(0, steps[0]?.[common - 1]?.startsWith('.') ? common : common - 1);
  const files: IncomingFile[] = [];
  for (const [i, path] of found.entries()) {
    const shown = steps[i].slice(from).join('/');
    files.push({ path: shown, file: new File([(await readBytes(path)) as BlobPart], shown) });
  }
  return files;
}

/** The file, or all files in the folder and further in. @throws BadInput if there is no such thing, naming it as asked for */
async function filesBelow(path: string, asked: string): Promise<string[]> {
  const found = await stat(path).catch(() => {
    throw new BadInput(`The file ${asked} cannot be read.`);
  });
  if (!found.isDirectory()) return [path];
  const names = await readdir(path).catch(() => {
    throw new BadInput(`The folder ${asked} cannot be read.`);
  });
  const inside = names.filter((name) => !name.startsWith('.')).sort();
  return (await Promise.all(inside.map((name) => filesBelow(join(path, name), join(asked, name))))).flat();
}

/** Says on standard error what was left out of data, and where classes come from. */
export function logReading({ skipped = [], damaged = [], notes = [] }: DataNotes): void {
  for (const note of notes) console.error(note);
  for (const picture of damaged) console.error(`Left out: ${picture}`);
  if (skipped.length > 0) console.error(`No pictures or labels were read from ${skipped.join(', ')}.`);
}

/** What a data set says of how it was read. */
export type DataNotes = Pick<DatasetInfo, 'skipped' | 'damaged' | 'notes'>;

/** Starts tfjs and our own kernels in Node, and logs what it runs on. */
export async function start(wish: string): Promise<Backend> {
  if (wish !== 'wasm' && wish !== 'cpu' && wish !== 'webgpu') {
    throw new BadInput(`--backend is wasm, webgpu or cpu here, not ${wish}.`);
  }
  const wasm = fileURLToPath(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')));
  allowRelaxedSimd();
  const platform = { gpu: wish === 'webgpu' ? await dawn() : undefined, wasm, kernels: await simdKernels() };
  const backend = await startBackend(platform, wish satisfies BackendName, (message) => console.error(message));
  console.error(`Running on ${backend.report.adapter}.`);
  return backend;
}

/** WebGPU in Node. @throws BadInput where it does not load */
async function dawn(): Promise<GPU> {
  const gpu = await dawnGpu();
  if ('missing' in gpu) throw new BadInput(gpu.missing);
  return gpu;
}

/** The files of a Hugging Face folder as they are. */
async function filesOf(folder: string): Promise<Map<string, Uint8Array>> {
  const names = await readdir(folder).catch(() => {
    throw new BadInput(`The folder ${folder} cannot be read.`);
  });
  const files = new Map<string, Uint8Array>();
  for (const [name, path] of modelParts(names.map((name) => [name, join(folder, name)])).files) {
    files.set(name, await readBytes(path));
  }
  return files;
}

/** The model in a Hugging Face folder, for nothing but its numbers. */
export async function readFolder(folder: string): Promise<ModelFolder> {
  return readModelFolder(await filesOf(folder));
}

/** The model in a Hugging Face folder. */
export async function openFolder(folder: string): Promise<OpenModel> {
  const model = fromFiles(await filesOf(folder), 'own');
  console.error(`${folder}: ${model.info.name}, ${model.info.parameters.toLocaleString('en')} parameters.`);
  return model;
}

/** Pictures [from, from + count) of a CIFAR-10 binary file as the model sees them: int16 tokens, [count, pixels], and their labels. */
export async function readTokens(
  path: string,
  model: OpenModel,
  from: number,
  count?: number,
): Promise<{ tokens: Int16Array; labels: ArrayLike<number> }> {
  const data = readCifar10(await readBytes(path));
  const to = count === undefined ? data.count : from + count;
  if (from >= data.count) throw new BadInput(`${path} has ${data.count} pictures: there is none at ${from}.`);
  if (to > data.count)
    throw new BadInput(`${path} has ${data.count} pictures: there are not ${count} from ${from} on.`);
  const { side } = model.info;
  const tokens = new Int16Array((to - from) * side * side);
  for (let i = from; i < to; i++) {
    const rgb = data.pixels.subarray(i * 3072, (i + 1) * 3072);
    tokens.set(encodePixels(resizeArea(rgb, 32, 32, side), model.palette), (i - from) * side * side);
  }
  return { tokens, labels: data.labels.slice(from, to) };
}

/** The place of a class to begin pictures with; SOS where none is named. @throws BadInput unless the model knows it */
export function startNamed({ info: { starts } }: OpenModel, name: string | undefined): number {
  if (name === undefined) return SOS;
  if (!starts) throw new BadInput('This model begins no picture with a class.');
  const start = starts.indexOf(name);
  if (start < 0) throw new BadInput(`--class is one of ${starts.join(', ')}, not ${name}.`);
  return start;
}

/** How many pictures began with a class, where the model knows any; ends a sentence. */
export function begunText(byClass: number | undefined): string {
  if (byClass === undefined) return '';
  return byClass > 0 ? `, ${byClass} of them begun with their class` : ', begun without a class';
}

/** Prints the result: as JSON, or as the lines given. */
export function print(json: boolean, result: object, lines: string[]): void {
  console.log(json ? JSON.stringify(result) : lines.join('\n'));
}
