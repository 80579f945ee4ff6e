/** `npm start`: installs what is missing, builds the page when it is out of date, serves it on localhost. */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { install, ran, root, stop } from './setup.mjs';

/** What the built page is made of. */
const SOURCES = ['index.html', 'package-lock.json', 'vite.config.ts', 'src', 'workers', 'tools', 'public', 'examples'];

const port = Number(process.env.PORT ?? 4173);
if (!Number.isInteger(port) || port < 1 || port > 65535) {
  stop(`PORT is "${process.env.PORT}", but it must be a number from 1 to 65535.`);
}

install();
if (newest('dist/index.html') < Math.max(...SOURCES.map(newest)) && !ran('npm', 'run', 'build')) {
  stop('The page could not be built: see the message above.');
}

const { preview } = await import('vite');
const server = await preview({ root, logLevel: 'warn', preview: { port, strictPort: false, host: 'localhost' } });
console.log(`\nStop with Ctrl-C.\nImage GPT in a tab: ${server.resolvedUrls.local[0]}`);

/** When a file, or anything in a folder, last changed; a folder's own time tells of deleted files. 0 when there is none. */
function newest(path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  const inside = stat.isDirectory() ? readdirSync(join(root, path)).map((name) => newest(join(path, name))) : [];
  return Math.max(stat.mtimeMs, ...inside);
}
