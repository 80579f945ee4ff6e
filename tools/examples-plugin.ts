/** Vite plugin: examples.json, with the example pictures and their ready-made completions, beside index.html. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin, ResolvedConfig } from 'vite';
import { cifar10File } from './cifar10.ts';
import { type Examples, makeExamples, noExamples, readExamplesModel } from './examples.ts';

const MODEL = 'igpt-cifar-16';
const FILE = 'examples.json';

export function examples(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'examples',
    configResolved(resolved) {
      config = resolved;
    },

    configureServer(server) {
      server.middlewares.use(async (request, response, next) => {
        if (request.url?.split('?')[0] !== config.base + FILE) return next();
        try {
          const body = JSON.stringify(await readExamples(config.root, (warning) => config.logger.warn(warning)));
          response.setHeader('Content-Type', 'application/json');
          response.end(body);
        } catch (error) {
          next(error);
        }
      });
    },

    async generateBundle() {
      const source = JSON.stringify(await readExamples(config.root, (warning) => this.warn(warning)));
      this.emitFile({ type: 'asset', fileName: FILE, source });
    },

    // The page asks for the examples only after its script has run; a hint in the head starts the transfer earlier.
    transformIndexHtml: () => [
      {
        tag: 'link',
        attrs: { rel: 'preload', href: config.base + FILE, as: 'fetch', crossorigin: true },
        injectTo: 'head',
      },
    ],
  };
}

async function readExamples(root: string, warn: (warning: string) => void): Promise<Examples> {
  const paths = [join('public', 'models', MODEL, 'preprocessor_config.json'), join('examples', `${MODEL}.json`)];
  const [model, description] = await Promise.all(paths.map((path) => readIfThere(join(root, path))));
  if (model === null || description === null) {
    const note = `There are no examples because ${paths[model === null ? 0 : 1]} is missing.`;
    warn(note);
    return noExamples(note);
  }
  const made = makeExamples(readExamplesModel(model), description, await cifar10File('test_batch', root));
  if (made.note) warn(made.note);
  return made;
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
