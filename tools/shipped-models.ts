/**
 * Vite plugin: what the worker knows of the models that lie beside it, as 'virtual:shipped-models': the size and the SHA-256
 * of each file under public/models/. It is part of the worker's code and not a file beside the models, so that a cache
 * that holds an old or a broken file cannot hold what would agree with it.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';
import type { KnownFile } from '../workers/lab/download.ts';

const ID = 'virtual:shipped-models';

export function shippedModels(): Plugin {
  let folder = '';
  return {
    name: 'shipped-models',
    config: () => ({ worker: { plugins: () => [shippedModels()] } }),
    configResolved({ publicDir }) {
      folder = join(publicDir, 'models');
    },
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    async load(id) {
      if (id !== `\0${ID}`) return undefined;
      const known: Record<string, KnownFile> = {};
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      for (const entry of entries.filter((one) => one.isFile())) {
        const path = join(entry.parentPath, entry.name);
        this.addWatchFile(path);
        known[relative(folder, path).replaceAll(sep, '/')] = knownFile(await readFile(path));
      }
      return `export default ${JSON.stringify(known)}`;
    },
  };
}

export const knownFile = (bytes: Uint8Array): KnownFile => ({
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});
