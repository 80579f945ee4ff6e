/** Files that lie in memory, within what may be held there. */
import { type FileWriter, NoRoom, type PrivateFiles } from './files.ts';

/**
 * The same files, but writing stops with NoRoom where they lie in memory and less than what is
 * written is left there. Other files go on as they are.
 * @param left bytes of memory beside those of files that are whole; Infinity where there is no
 * limit
 */
export function filesWithin(files: PrivateFiles, left: () => Promise<number>): PrivateFiles {
  const create = async (path: string): Promise<FileWriter> => {
    const writer = await files.create(path);
    if (await files.lasts()) return writer;
    let written = 0;
    return {
      write: async (bytes) => {
        written += bytes.length;
        if (written > (await left())) throw new NoRoom('the memory that a page may hold is full');
        await writer.write(bytes);
      },
      close: () => writer.close(),
    };
  };
  return { ...files, create };
}
