import { expect, it } from 'vitest';
import { adapterInfo, adapterName, isSoftware } from './adapter.ts';

const unreadable = (fields: string[]) =>
  Object.defineProperties(
    {},
    Object.fromEntries(
      fields.map((field) => [
        field,
        {
          get: () => {
            throw new DOMException('hidden', 'NotAllowedError');
          },
        },
      ]),
    ),
  );

it.each([
  ['has no info', {}],
  ['has null for it', { info: null }],
  ['has an empty one', { info: {} }],
  ['has one of empty strings', { info: { vendor: '', architecture: '', device: '', description: '' } }],
  ['has one of other types', { info: { vendor: 1, architecture: null, device: {}, isFallbackAdapter: 'no' } }],
  ['has one that cannot be read', unreadable(['info', 'isFallbackAdapter'])],
  ['has one whose fields cannot be read', { info: unreadable(['vendor', 'architecture', 'isFallbackAdapter']) }],
])('an adapter that %s is an unnamed one, of which nothing is known', (_, adapter) => {
  const info = adapterInfo(adapter);
  expect(info).toEqual({
    vendor: '',
    architecture: '',
    device: '',
    description: '',
    isFallbackAdapter: undefined,
  });
  expect(adapterName(info)).toBe('an unnamed adapter');
  expect(isSoftware(info)).toBe(undefined);
});

it.each([
  ['google swiftshader', true, { info: { vendor: 'google', architecture: 'swiftshader', isFallbackAdapter: true } }],
  ['google swiftshader', true, { info: { vendor: 'google', architecture: 'swiftshader' } }],
  ['llvmpipe (LLVM 15)', true, { info: { vendor: 'mesa', description: 'llvmpipe (LLVM 15)' } }],
  ['an unnamed adapter', true, { info: { isFallbackAdapter: true } }],
  ['an unnamed adapter', true, { info: {}, isFallbackAdapter: true }],
  ['an unnamed adapter', undefined, { info: { isFallbackAdapter: false } }],
  ['nvidia ada', false, { info: { vendor: 'nvidia', architecture: 'ada', isFallbackAdapter: false } }],
  ['nvidia ada', false, { info: { vendor: 'nvidia', architecture: 'ada' } }],
])('%s is software: %s, by what it says', (name, software, adapter) => {
  const info = adapterInfo(adapter);
  expect(adapterName(info)).toBe(name);
  expect(isSoftware(info)).toBe(software);
});
