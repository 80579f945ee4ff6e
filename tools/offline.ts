/**
 * Vite plugin: writes the service worker into the build, with the list of all files that the page may need without a
 * connection, and their hashes. The pictures of the bundled data set stay out: they are large, and lie in the browser's
 * storage once they have been added.
 *
 * Forty lines of our own instead of vite-plugin-pwa, which brings 324 packages along for them.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';

const SOURCE = 'src/offline/service-worker.js';
export const SCRIPT = 'service-worker.js';
const LEFT_OUT = /^cifar10\/.+\.bin$|\.md$/;
/** A file of more bytes is kept once somebody has asked for it, and not beforehand. */
const LARGE = 8e6;

export function offline(): Plugin {
  let root = '';
  let out = '';
  return {
    name: 'offline',
    apply: 'build',
    configResolved(config) {
      root = config.root;
      out = join(config.root, config.build.outDir);
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const files = (await filesIn(out)).filter((file) => file !== SCRIPT && !LEFT_OUT.test(file));
        const build = createHash('sha256');
        const listed: [file: string, integrity: string][] = [];
        const later: string[] = [];
        for (const file of files) {
          const bytes = await readFile(join(out, file));
          build.update(file).update(bytes);
          if (bytes.length > LARGE) later.push(file);
          else listed.push([file, `sha256-${createHash('sha256').update(bytes).digest('base64')}`]);
        }
        const source = await readFile(join(root, SOURCE), 'utf8');
        const script = source
          .replace('__BUILD__', JSON.stringify(build.digest('hex').slice(0, 16)))
          .replace('__FILES__', JSON.stringify(listed))
          .replace('__LATER__', JSON.stringify(later));
        await writeFile(join(out, SCRIPT), script);
      },
    },
  };
}

/** Every file of a folder, as an address relative to it, sorted. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
}
