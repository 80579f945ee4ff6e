/**
 * A private file system, as far as data sets, runs and models need one: the browser's (opfs.ts), memory (memory.ts), or a
 * folder in Node (folder.ts).
 * Paths are parted by slashes and begin at its root.
 */

/** There is no room for what was to be written. */
export class NoRoom extends Error {
  override name = 'NoRoom';
}

export interface FileWriter {
  /** Appends. @throws NoRoom */
  write(bytes: Uint8Array): Promise<void>;
  /** Everything is on disk when this returns. May be called again. @throws NoRoom */
  close(): Promise<void>;
}

export interface PrivateFiles {
  /** Whether they outlive the page. */
  lasts(): Promise<boolean>;
  /** Names of the folders in a folder; none if it is not there. */
  folders(path: string): Promise<string[]>;
  /** Bytes of a file; undefined if it is not there. */
  size(path: string): Promise<number | undefined>;
  /** Bytes [from, to) of a file, fewer at its end. @throws Error if it is not there. */
  read(path: string, from?: number, to?: number): Promise<Uint8Array>;
  /** The same for many reads: to find a file takes five times as long as to read a little of it. */
  reader(path: string): Promise<(from: number, to: number) => Promise<Uint8Array>>;
  /** A file for handing on, readable as long as it is there. @throws Error if it is not there. */
  file(path: string): Promise<File>;
  /** A new file, empty, in place of one that has the name; folders are made as needed. @throws NoRoom */
  create(path: string): Promise<FileWriter>;
  /** Gives a file another place at once, over one that is there. @throws NoRoom */
  move(from: string, to: string): Promise<void>;
  /** A file, or a folder with all that is in it; nothing happens if it is not there. */
  remove(path: string): Promise<void>;
  /** Bytes in use and in all. 0 where it is not known. */
  use(): Promise<{ used: number; quota: number }>;
  /** Runs a job that nobody else, in no other tab, does at the same time; undefined if somebody does. */
  exclusively<T>(name: string, job: () => Promise<T>): Promise<T | undefined>;
}

/** A small file at once: never half of it, and the former one until the new one is whole. @throws NoRoom */
export async function replaceFile(files: PrivateFiles, path: string, bytes: Uint8Array): Promise<void> {
  const aside = `${path}.new`;
  try {
    const writer = await files.create(aside);
    try {
      await writer.write(bytes);
    } finally {
      await writer.close();
    }
    await files.move(aside, path);
  } catch (error) {
    await files.remove(aside);
    throw error;
  }
}
