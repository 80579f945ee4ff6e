import { expect, test } from 'vitest';
import { droppedFiles, pickedFiles } from './incomingFiles.ts';

const file = (name: string, path = '') => Object.assign(new File(['x'], name), { webkitRelativePath: path });

type Tree = { [name: string]: Tree | null };

/** What a browser gives for a dropped folder: at most two entries at a time. */
function entry(name: string, inside: Tree | null, parent = ''): FileSystemEntry {
  const fullPath = `${parent}/${name}`;
  if (inside === null)
    return { isFile: true, fullPath, file: (resolve: (f: File) => void) => resolve(file(name)) } as never;
  const left = Object.entries(inside).map(([child, tree]) => entry(child, tree, fullPath));
  const readEntries = (resolve: (entries: FileSystemEntry[]) => void) => resolve(left.splice(0, 2));
  return { isFile: false, fullPath, createReader: () => ({ readEntries }) } as never;
}

test('a picked folder keeps its paths, picked files have their names', () => {
  const picked = pickedFiles([file('1.png', 'pets/cat/1.png'), file('data_batch_1.bin')]);
  expect(picked.map(({ path }) => path)).toEqual(['pets/cat/1.png', 'data_batch_1.bin']);
});

test('a dropped folder comes with everything in it, however much', async () => {
  const tree = { cat: { '1.png': null, '2.png': null, '3.png': null }, dog: { old: { '4.png': null } }, 'a.txt': null };
  const items = [entry('pets', tree), entry('b.bin', null)].map((e) => ({ webkitGetAsEntry: () => e }));
  const dropped = await droppedFiles({ items } as never);
  expect(dropped.map(({ path }) => path)).toEqual([
    'pets/cat/1.png',
    'pets/cat/2.png',
    'pets/cat/3.png',
    'pets/dog/old/4.png',
    'pets/a.txt',
    'b.bin',
  ]);
});

test('a file that is gone by the time it is read is named', async () => {
  const gone = { isFile: true, fullPath: '/pets/1.png', file: (_: unknown, reject: () => void) => reject() };
  const dropped = droppedFiles({ items: [{ webkitGetAsEntry: () => gone }] } as never);
  await expect(dropped).rejects.toThrow('pets/1.png could not be read');
});

test('a drop without entries still has its files', async () => {
  const dropped = await droppedFiles({ items: [], files: [file('a.bin')] } as never);
  expect(dropped.map(({ path }) => path)).toEqual(['a.bin']);
});
