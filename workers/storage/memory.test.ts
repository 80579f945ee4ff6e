/** Files in memory do what files on a disk do: the same questions, the same answers. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type PrivateFiles, replaceFile } from './files.ts';
import { folderFiles } from './folder.ts';
import { memoryFiles } from './memory.ts';

const roots: string[] = [];
afterEach(async () => {
  for (const root of roots.splice(0)) await rm(root, { recursive: true });
});

const kinds: [string, () => Promise<PrivateFiles>][] = [
  ['memory', async () => memoryFiles()],
  [
    'a folder',
    async () => {
      roots.push(await mkdtemp(join(tmpdir(), 'files-')));
      return folderFiles(roots[0]);
    },
  ],
];
const of = (...bytes: number[]) => Uint8Array.from(bytes);

describe.each(kinds)('in %s', (_, open) => {
  it('what is written is read again, whole and in parts, whatever becomes of the array that was written', async () => {
    const files = await open();
    const writer = await files.create('runs/one/a.bin');
    const bytes = of(1, 2, 3);
    await writer.write(bytes);
    bytes.fill(9);
    await writer.write(of(4, 5));
    await writer.close();
    await writer.close();
    expect(await files.size('runs/one/a.bin')).toBe(5);
    expect(await files.read('runs/one/a.bin')).toEqual(of(1, 2, 3, 4, 5));
    expect(await files.read('runs/one/a.bin', 1, 3)).toEqual(of(2, 3));
    expect(await files.read('runs/one/a.bin', 3, 99)).toEqual(of(4, 5));
    expect(await (await files.reader('runs/one/a.bin'))(0, 2)).toEqual(of(1, 2));
    const file = await files.file('runs/one/a.bin');
    expect([file.name, file.size]).toEqual(['a.bin', 5]);
    expect((await files.use()).used).toBe(5);
  });

  it('files move over others, and go with their folder', async () => {
    const files = await open();
    await replaceFile(files, 'runs/one/a.bin', of(1));
    await replaceFile(files, 'runs/one/a.bin', of(2));
    await replaceFile(files, 'runs/two/a.bin', of(3));
    expect(await files.read('runs/one/a.bin')).toEqual(of(2));
    expect((await files.folders('runs')).sort()).toEqual(['one', 'two']);
    await files.move('runs/two/a.bin', 'runs/one/a.bin');
    expect(await files.read('runs/one/a.bin')).toEqual(of(3));
    expect(await files.size('runs/two/a.bin')).toBeUndefined();
    await files.remove('runs/one');
    await files.remove('runs/one');
    expect(await files.size('runs/one/a.bin')).toBeUndefined();
    await expect(files.read('runs/one/a.bin')).rejects.toThrow();
    expect(await files.folders('elsewhere')).toEqual([]);
  });

  it('one job at a time has a name for itself', async () => {
    const files = await open();
    const inner = await files.exclusively('x', () => files.exclusively('x', async () => 'second'));
    expect(inner).toBeUndefined();
    expect(await files.exclusively('x', async () => 'later')).toBe('later');
  });
});
