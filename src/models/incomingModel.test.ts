import { expect, test } from 'vitest';
import { isModel } from './incomingModel.ts';

const incoming = (...paths: string[]) =>
  paths.map((path) => ({ path, file: new File([`content of ${path}`], path.split('/').at(-1)!) }));

test.each([
  'config.json',
  'preprocessor_config.json',
  'model.safetensors',
  'model-00001-of-00002.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'imagegpt-small/config.json',
])('%s among other files is a part of a model', async (path) => {
  expect(await isModel(incoming('README.md', path))).toBe(true);
});

test.each(['cat.png', 'pets/cat.jpg', 'data_batch_1.bin', 'notes.json'])('%s is none', async (path) => {
  expect(await isModel(incoming(path))).toBe(false);
});

test('a zip archive is known by its first bytes, not by its name', async () => {
  const file = (text: string) => [{ path: 'download', file: new File([text], 'download') }];
  expect(await isModel(file('PK\x03\x04 and so on'))).toBe(true);
  expect(await isModel(file('PNG'))).toBe(false);
});
