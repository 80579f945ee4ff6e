/** Vite plugin: examples/<model>.json, example pictures with the ready-made completions of each shipped model. */

import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Plugin, ResolvedConfig } from 'vite';
import { cifar10File } from './cifar10.ts';
import { type Examples, makeExamples, noExamples, readExamplesModel } from './examples.ts';

const FOLDER = 'examples';
const MODELS = join('public', 'models');

export function examples(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'examples',
    configResolved(resolved) {
      config = resolved;
    },

    configureServer(server) {
      server.middlewares.use(async (request, response, next) => {
        const path = request.url?.split('?')[0] ?? '';
        const model = basename(path, '.json');
        if (path !== `${config.base}${FOLDER}/${model}.json`) return next();
        try {
          const body = JSON.stringify(await readExamples(config.root, model, (warning) => config.logger.warn(warning)));
          response.setHeader('Content-Type', 'application/json');
          response.end(body);
        } catch (error) {
          next(error);
        }
      });
    },

    async generateBundle() {
      for (const model of await readdir(join(config.root, MODELS))) {
        const source = JSON.stringify(await readExamples(config.root, model, (warning) => this.warn(warning)));
        this.emitFile({ type: 'asset', fileName: `${FOLDER}/${model}.json`, source });
      }
    },
  };
}

async function readExamples(root: string, id: string, warn: (warning: string) => void): Promise<Examples> {
  const paths = [join(MODELS, id, 'preprocessor_config.json'), join(FOLDER, `${id}.json`)];
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
