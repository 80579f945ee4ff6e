/** Models of the visitor's own through the lab in Node: by every way in, refused, kept and taken away. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncomingFile, Lab, LoadProgress } from '../contract.ts';
import { type ModelFolder, readModelFolder, writeModelFolder } from '../formats/huggingface.ts';
import { writeSafetensors } from '../formats/safetensors.ts';
import { parameterCount, parameterShapes, presetConfig } from '../igpt/config.ts';
import { folderFiles } from '../storage/folder.ts';
import { createLab } from './lab.ts';

const NAMES = ['config.json', 'preprocessor_config.json', 'model.safetensors'];
const ignore = () => {};
const sampling = { variants: 1, lookAhead: false };

let root: string;
let lab: Lab;
let files: Map<string, Uint8Array>;
let model: ModelFolder;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'own-'));
  const wasm = fileURLToPath(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')));
  lab = createLab({ gpu: undefined, wasm, models: { address: 'http://localhost/' }, files: () => folderFiles(root) });
  await lab.start('wasm');
  files = await fixture('workers/igpt/fixtures/f16-2x32x4');
  model = readModelFolder(files);
});
afterAll(() => rm(root, { recursive: true }));

const fixture = async (path: string) =>
  new Map(
    await Promise.all(
      NAMES.map(async (name): Promise<[string, Uint8Array]> => [name, await readFile(join(path, name))]),
    ),
  );
const incoming = (from: Iterable<[string, Uint8Array]>): IncomingFile[] =>
  Array.from(from, ([path, bytes]) => ({ path, file: new File([bytes as BlobPart], path.split('/').at(-1)!) }));
const inFolder = (folder: string, from = files) =>
  [...from].map(([name, bytes]): [string, Uint8Array] => [`${folder}/${name}`, bytes]);
const opened = (all: IncomingFile[]) => lab.openModel({ kind: 'files', files: all }, ignore);
const exported = async (dtype: 'F32' | 'F16') => {
  const entries = Object.entries(unzipSync(new Uint8Array(await (await lab.exportModel(dtype)).arrayBuffer())));
  return new Map(entries.map(([path, bytes]) => [path.split('/').at(-1)!, bytes]));
};

/** The weights in two files, and which tensor is where. */
function inParts({ config, palette, weights }: ModelFolder): Map<string, Uint8Array> {
  const names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
  const whole = writeModelFolder({ config, palette, weights }, 'F32');
  const shapes = parameterShapes(config);
  const part = (n: number) => shapes.filter((_, i) => i % 2 === n);
  whole.delete('model.safetensors');
  names.forEach((name, n) => {
    const tensors = part(n).map(({ name, shape }) => [name, { shape, data: weights.get(name)! }] as const);
    whole.set(name, writeSafetensors(new Map(tensors), 'F32'));
  });
  const weight_map = Object.fromEntries(names.flatMap((file, n) => part(n).map(({ name }) => [name, file])));
  return whole.set('model.safetensors.index.json', new TextEncoder().encode(JSON.stringify({ weight_map })));
}

describe('a model is opened', () => {
  it('from loose files, a folder of many things, or a zip of either, and named after what has a name', async () => {
    const clutter: [string, Uint8Array][] = [
      ['igpt/README.md', new Uint8Array(3)],
      ['igpt/old/config.json', new Uint8Array(3)],
      ['igpt/pytorch_model.bin', new Uint8Array(3)],
    ];
    const zip = (all: Iterable<[string, Uint8Array]>): [string, Uint8Array][] => [
      ['box.zip', zipSync(Object.fromEntries(all))],
    ];
    expect((await opened(incoming(files))).name).toBe('2 layers, width 32');
    expect((await opened(incoming([...clutter, ...inFolder('igpt')]))).name).toBe('igpt');
    expect((await opened(incoming(zip([...clutter, ...inFolder('igpt')])))).name).toBe('igpt');
    expect((await opened(incoming(zip(files)))).name).toBe('box');
  });

  it('from weights in parts, to the bit', async () => {
    await opened(incoming(inParts(model)));
    const { weights } = readModelFolder(await exported('F32'));
    for (const [name, values] of model.weights) expect(weights.get(name), name).toEqual(values);
  });

  it('and every byte of its files is told as it is read', async () => {
    const told: LoadProgress[] = [];
    await lab.openModel({ kind: 'files', files: incoming(files) }, (progress) => told.push(progress));
    const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    expect(told.at(-1)).toEqual({ loaded: bytes, total: bytes });
    told.reduce((before, { loaded }) => {
      expect(loaded).toBeGreaterThanOrEqual(before);
      return loaded;
    }, 0);
  });
});

describe('a model is refused, and the one in use stays,', () => {
  const cut = (name: string, to: number) => new Map(files).set(name, files.get(name)!.subarray(0, to));
  const less = (...names: string[]) => new Map([...files].filter(([name]) => !names.includes(name)));
  const cases: { what: string; made: () => Map<string, Uint8Array>; sentence: string | RegExp }[] = [
    {
      what: 'where two files are missing',
      made: () => less('config.json', 'model.safetensors'),
      sentence:
        'The files config.json and model.safetensors are missing: a model needs config.json, preprocessor_config.json and model.safetensors.',
    },
    {
      what: 'where nothing of it is a model',
      made: () => new Map([['readme.txt', new Uint8Array(3)]]),
      sentence: /^The files config\.json, preprocessor_config\.json and model\.safetensors are missing/,
    },
    {
      what: 'of PyTorch weights in parts',
      made: () => less('model.safetensors').set('pytorch_model-00001-of-00002.bin', new Uint8Array(3)),
      sentence: /^pytorch_model\.bin cannot be read here/,
    },
    {
      what: 'where the index is missing',
      made: () => less('model.safetensors').set('model-00001-of-00002.safetensors', new Uint8Array(3)),
      sentence:
        /^The file model\.safetensors\.index\.json is missing: without it nobody knows what model-00001-of-00002/,
    },
    {
      what: 'where the index names what is not there',
      made: () => inPartsWithout('model-00002-of-00002.safetensors'),
      sentence: 'The file model-00002-of-00002.safetensors is missing: model.safetensors.index.json names it.',
    },
    {
      what: 'where the index names a tensor that no file has',
      made: () =>
        inParts(model).set(
          'model.safetensors.index.json',
          new TextEncoder().encode('{"weight_map": {"a": "model-00001-of-00002.safetensors"}}'),
        ),
      sentence: 'model.safetensors.index.json names the tensor "a", which no weights file has.',
    },
    {
      what: 'where the weights break off',
      made: () => cut('model.safetensors', 50_000),
      sentence: /^The file is cut off: it should have \d+ bytes but has 50000\.$/,
    },
  ];
  const inPartsWithout = (name: string) => new Map([...inParts(model)].filter(([other]) => other !== name));

  it.each(cases)('$what', async ({ made, sentence }) => {
    const before = await opened(incoming(files));
    await expect(opened(incoming(inFolder('refused', made())))).rejects.toThrow(sentence);
    expect(readModelFolder(await exported('F32')).config.n_layer).toBe(before.layers);
  });

  it('where a zip breaks off', async () => {
    const zip = zipSync(Object.fromEntries(files)).slice(0, -30);
    await expect(opened(incoming([['model.zip', zip]]))).rejects.toThrow(/^model\.zip is cut off/);
  });
});

describe('a model is looked at before it is opened', () => {
  it('and what it takes grows with its pictures', async () => {
    const survey = (variants: number, lookAhead = false) => lab.surveyModel(incoming(files), { variants, lookAhead });
    const [one, eight, ahead] = [await survey(1), await survey(8), await survey(1, true)];
    expect(one).toMatchObject({ name: '2 layers, width 32', parameters: parameterCount(model.config) });
    expect(one.bytes).toBe([...files.values()].reduce((sum, { length }) => sum + length, 0));
    const picture = 2 * 4 * 2 * 64 * 32;
    expect(eight.memory - one.memory).toBe(7 * picture);
    expect(ahead.memory - one.memory).toBe(15 * picture + 4 * (16 * 8 - 64) * (10 * 32 + model.config.n_colours));
  });

  it('and one that WebAssembly cannot reach is refused with a number', async () => {
    const { config, palette } = { ...model, config: { ...presetConfig('igpt-s', 32), n_embd: 2048, n_layer: 60 } };
    const head = writeModelFolder({ ...model, palette }, 'F32');
    const json = JSON.parse(new TextDecoder().decode(head.get('config.json')));
    const { n_embd, n_layer } = config;
    head.set('config.json', new TextEncoder().encode(JSON.stringify({ ...json, n_embd, n_layer })));
    const kernels = { plain: new Uint8Array(), relaxed: new Uint8Array() };
    const wasm = fileURLToPath(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')));
    const simd = createLab({ gpu: undefined, wasm, kernels, models: { address: '' } });
    await simd.start('wasm');
    await expect(simd.surveyModel(incoming(head), sampling)).rejects.toThrow(
      'This model takes 12.2 GB, but WebAssembly reaches only 4.3 GB.',
    );
  });
});

it('a model is kept with its files, opened from there, renamed and deleted', async () => {
  const kept = await lab.keepModel(incoming(inFolder('igpt')), 'igpt');
  expect(kept).toMatchObject({ name: 'igpt', side: 8 });
  expect(await lab.listModels()).toEqual([kept]);
  const again = await lab.keptFiles(kept.id);
  const info = await lab.openModel({ kind: 'files', files: again, kept }, ignore);
  expect(info).toMatchObject({ id: 'own', name: 'igpt', layers: 2 });
  for (const { path, file } of again)
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(new Uint8Array(files.get(path)!));
  expect(await lab.renameModel(kept.id, 'Mine')).toMatchObject({ name: 'Mine' });
  await lab.deleteModel(kept.id);
  expect(await lab.listModels()).toEqual([]);
});

const OURS = 'workers/igpt/fixtures';
const THEIRS = '../shared/fixtures';
const made = [OURS, THEIRS].flatMap((at) => (existsSync(at) ? readdirSync(at).map((name) => `${at}/${name}`) : []));

describe.each(made)('the model in %s, imported and exported,', (path) => {
  it('is the same to the bit in F32, and to rounding in F16', async () => {
    const source = await fixture(path);
    await opened(incoming(inFolder('x', source)));
    const before = readModelFolder(source);
    const whole = readModelFolder(await exported('F32'));
    const half = readModelFolder(await exported('F16'));
    expect(whole.config).toEqual(before.config);
    expect(half.palette).toEqual(before.palette);
    for (const [name, values] of before.weights) {
      expect(whole.weights.get(name), name).toEqual(values);
      const halves = half.weights.get(name)!;
      const off = values.findIndex((x, i) => Math.abs(halves[i] - x) > Math.max(Math.abs(x) * 2 ** -11, 2 ** -25));
      expect(off, name).toBe(-1);
    }
  });
});
