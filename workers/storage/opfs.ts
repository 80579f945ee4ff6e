/**
 * The browser's private file system, in a dedicated worker: only there a file can be written in place.
 * Source: fs.spec.whatwg.org.
 */

import { type FileWriter, NoRoom, type PrivateFiles } from './files.ts';

/** What TypeScript's library has for workers alone, with the types that are needed, and what it does not have yet. */
interface PrivateFileHandle extends Omit<FileSystemFileHandle, 'createSyncAccessHandle'> {
  createSyncAccessHandle(): Promise<{
    write(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number;
    truncate(size: number): void;
    flush(): void;
    close(): void;
  }>;
  move(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
}

/** What reading a file fails with while another tab replaces it. */
const PASSING = ['NotFoundError', 'NotReadableError'];
const TRIES = 5;
const TRY_AGAIN_MS = 20;

export function privateFiles(): PrivateFiles {
  /** @throws DOMException NotFoundError */
  async function folder(parts: string[], create = false): Promise<FileSystemDirectoryHandle> {
    let handle = await navigator.storage.getDirectory();
    for (const part of parts) handle = await handle.getDirectoryHandle(part, { create });
    return handle;
  }
  async function file(path: string, create = false): Promise<PrivateFileHandle> {
    const parts = path.split('/');
    const name = parts.pop()!;
    const handle: Promise<unknown> = (await folder(parts, create)).getFileHandle(name, { create });
    return handle as Promise<PrivateFileHandle>;
  }

  return {
    lasts: async () => true,

    async folders(path) {
      const found = await absent(folder(path.split('/')));
      const names: string[] = [];
      for await (const [name, { kind }] of found?.entries() ?? []) if (kind === 'directory') names.push(name);
      return names;
    },

    size: (path) => absent(steadily(async () => (await (await file(path)).getFile()).size)),

    read: (path, from = 0, to) =>
      steadily(async () => {
        const found = await (await file(path)).getFile();
        return new Uint8Array(await found.slice(from, to).arrayBuffer());
      }),

    async reader(path) {
      const found = await (await file(path)).getFile();
      return async (from, to) => new Uint8Array(await found.slice(from, to).arrayBuffer());
    },

    file: async (path) => (await file(path)).getFile(),

    async create(path): Promise<FileWriter> {
      const handle = await roomFor(path, async () => (await file(path, true)).createSyncAccessHandle());
      handle.truncate(0);
      let at = 0;
      let closed = false;
      return {
        async write(bytes) {
          const view = bytes as Uint8Array<ArrayBuffer>;
          const written = await roomFor(path, async () => handle.write(view, { at }));
          at += written;
          // A disk that fills up may take a part only.
          if (written < bytes.length) throw new NoRoom(`no room for ${path}`);
        },
        async close() {
          if (closed) return;
          closed = true;
          try {
            await roomFor(path, async () => handle.flush());
          } finally {
            handle.close();
          }
        },
      };
    },

    async move(from, to) {
      const parts = to.split('/');
      const name = parts.pop()!;
      // A new folder may find no room either.
      await roomFor(to, async () => (await file(from)).move(await folder(parts, true), name));
    },

    async remove(path) {
      const parts = path.split('/');
      const name = parts.pop()!;
      const parent = await absent(folder(parts));
      await absent(parent?.removeEntry(name, { recursive: true }));
    },

    async use() {
      const { usage = 0, quota = 0 } = await navigator.storage.estimate();
      return { used: usage, quota };
    },

    exclusively: <T>(name: string, job: () => Promise<T>) =>
      navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? job() : undefined)) as Promise<
        T | undefined
      >,
  };
}

/**
 * Tries again where another tab is just replacing the file. For a moment Chromium then finds no file of that name, or cannot read
 * the one that it had found.
 */
async function steadily<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const passes = error instanceof DOMException && PASSING.includes(error.name);
      if (!passes || tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
    }
  }
}

/** undefined for what is not there. */
async function absent<T>(work: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}

async function roomFor<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'QuotaExceededError') throw new NoRoom(`no room for ${path}`);
    throw error;
  }
}
