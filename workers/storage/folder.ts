/** A folder on disk as the private file system, for the command line and for tests. */

import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type FileWriter, NoRoom, type PrivateFiles } from './files.ts';

/** @param quota bytes that may be in use, as browsers have it */
export function folderFiles(root: string, quota = Number.POSITIVE_INFINITY): PrivateFiles {
  const at = (path: string) => join(root, path);
  const busy = new Set<string>();

  /** What is removed meanwhile counts no more. */
  async function used(path: string): Promise<number> {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    const sizes = entries.map((entry) => {
      const inside = join(path, entry.name);
      return entry.isDirectory()
        ? used(inside)
        : stat(inside).then(
            ({ size }) => size,
            () => 0,
          );
    });
    return (await Promise.all(sizes)).reduce((a, b) => a + b, 0);
  }

  const read: PrivateFiles['read'] = async (path, from = 0, to) => {
    const file = await open(at(path));
    try {
      const { size } = await file.stat();
      const bytes = new Uint8Array(Math.max(0, Math.min(to ?? size, size) - from));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  };

  return {
    lasts: async () => true,

    async folders(path) {
      const entries = await readdir(at(path), { withFileTypes: true }).catch(() => []);
      return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    },

    size: (path) =>
      stat(at(path)).then(
        ({ size }) => size,
        () => undefined,
      ),

    read,
    reader: async (path) => (from, to) => read(path, from, to),

    file: async (path) => new File([(await read(path)) as BlobPart], basename(path)),

    async create(path): Promise<FileWriter> {
      await mkdir(dirname(at(path)), { recursive: true });
      const file = await open(at(path), 'w');
      let closed = false;
      let room = quota - (await used(root));
      return {
        async write(bytes) {
          room -= bytes.length;
          if (room < 0) throw new NoRoom(`no room for ${path}`);
          await file.writeFile(bytes).catch((error) => {
            throw error.code === 'ENOSPC' ? new NoRoom(`no room for ${path}`) : error;
          });
        },
        async close() {
          if (!closed) await file.close();
          closed = true;
        },
      };
    },

    async move(from, to) {
      await mkdir(dirname(at(to)), { recursive: true });
      await rename(at(from), at(to));
    },

    remove: (path) => rm(at(path), { recursive: true, force: true }),

    use: async () => ({ used: await used(root), quota: Number.isFinite(quota) ? quota : 0 }),

    async exclusively(name, job) {
      if (busy.has(name)) return undefined;
      busy.add(name);
      try {
        return await job();
      } finally {
        busy.delete(name);
      }
    },
  };
}
