/** The files of this browser: its private file system where it has one, else memory. Which, is found out with the first call. */
import type { PrivateFiles } from './files.ts';
import { memoryFiles } from './memory.ts';
import { privateFiles } from './opfs.ts';

export function filesHere(): PrivateFiles {
  let choosing: Promise<PrivateFiles> | undefined;
  const files = () => {
    choosing ??= isThere().then((there) => (there ? privateFiles() : memoryFiles()));
    return choosing;
  };
  return {
    lasts: async () => (await files()).lasts(),
    folders: async (path) => (await files()).folders(path),
    size: async (path) => (await files()).size(path),
    read: async (...args) => (await files()).read(...args),
    reader: async (path) => (await files()).reader(path),
    file: async (path) => (await files()).file(path),
    create: async (path) => (await files()).create(path),
    move: async (from, to) => (await files()).move(from, to),
    remove: async (path) => (await files()).remove(path),
    use: async () => (await files()).use(),
    exclusively: async (name, job) => (await files()).exclusively(name, job),
  };
}

/** Private windows and blocked storage refuse it, plain http has no such thing, older browsers cannot write in place. */
async function isThere(): Promise<boolean> {
  try {
    await navigator.storage.getDirectory();
    return 'createSyncAccessHandle' in FileSystemFileHandle.prototype && navigator.locks !== undefined;
  } catch {
    return false;
  }
}
