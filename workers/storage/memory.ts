/** Private files in memory, for a browser that keeps none: a private window, storage that is blocked, a page over plain http. */
import type { FileWriter, PrivateFiles } from './files.ts';

export function memoryFiles(): PrivateFiles {
  const files = new Map<string, Blob>();
  const busy = new Set<string>();

  const found = (path: string): Blob => {
    const blob = files.get(path);
    if (!blob) throw new Error(`there is no ${path}`);
    return blob;
  };
  const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

  return {
    lasts: async () => false,

    async folders(path) {
      const below = [...files.keys()].filter((file) => file.startsWith(`${path}/`));
      const names = below.map((file) => file.slice(path.length + 1).split('/')).filter((parts) => parts.length > 1);
      return [...new Set(names.map(([first]) => first))];
    },

    size: async (path) => files.get(path)?.size,

    read: async (path, from = 0, to) => bytesOf(found(path).slice(from, to)),

    async reader(path) {
      const blob = found(path);
      return (from, to) => bytesOf(blob.slice(from, to));
    },

    file: async (path) => new File([found(path)], path.split('/').at(-1)!),

    async create(path): Promise<FileWriter> {
      const parts: BlobPart[] = [];
      files.set(path, new Blob());
      return {
        async write(bytes) {
          // The caller may use its array for something else now.
          parts.push(bytes.slice() as Uint8Array<ArrayBuffer>);
        },
        async close() {
          if (files.has(path)) files.set(path, new Blob(parts));
        },
      };
    },

    async move(from, to) {
      files.set(to, found(from));
      files.delete(from);
    },

    async remove(path) {
      for (const file of files.keys()) if (file === path || file.startsWith(`${path}/`)) files.delete(file);
    },

    async use() {
      const used = [...files.values()].reduce((sum, { size }) => sum + size, 0);
      return { used, quota: 0 };
    },

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
