import { expect, it } from 'vitest';
import { NoRoom, type PrivateFiles } from './files.ts';
import { memoryFiles } from './memory.ts';
import { filesWithin } from './within.ts';

const block = new Uint8Array(1000);

async function write(files: PrivateFiles, path: string, blocks: number): Promise<void> {
  const writer = await files.create(path);
  try {
    for (let i = 0; i < blocks; i++) await writer.write(block);
  } finally {
    await writer.close();
  }
}

it('refuses what memory has no room for, also of a file that is not whole yet', async () => {
  const memory = memoryFiles();
  const files = filesWithin(memory, async () => 5000 - (await memory.use()).used);
  await write(files, 'a', 3);
  await expect(write(files, 'b', 3)).rejects.toThrow(NoRoom);
  await files.remove('b');
  await write(files, 'b', 2);
  expect((await files.use()).used).toBe(5000);
});

it('lets files that outlive the page be as large as they like', async () => {
  const files = filesWithin({ ...memoryFiles(), lasts: async () => true }, async () => 0);
  await write(files, 'a', 3);
  expect(await files.size('a')).toBe(3000);
});
