/**
 * Vite plugin: what is loaded later is imported only once all its files have been fetched. A module that could not be
 * fetched stays failed in Chromium 150, however often it is imported (Chromium 156 fetches it again), so that after one
 * moment without a connection a part of the page or of the worker could not be had until the page is reloaded.
 */
import { posix } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

/** As the bundler writes it. */
const IMPORT = /\bimport\(\s*([`"'])(\.\.?\/[^`"']+)\1\s*\)/g;

/** Begins a chunk: fetches files, each until it has come once. @throws with the file's name when one does not come */
const HELPER = `const __files={},__fetched=(...names)=>Promise.all(names.map(name=>__files[name]??=\
fetch(new URL(name,import.meta.url)).then(async answer=>{if(!answer.ok)throw answer.status;await answer.arrayBuffer()})\
.catch(cause=>{delete __files[name];throw new Error(name+" could not be fetched.",{cause})})));`;

export function fetchBeforeImport(): Plugin {
  return {
    ...rewriting('page'),
    apply: 'build',
    config: () => ({
      worker: { plugins: () => [rewriting('worker')] },
      build: {
        // A module that fails to be preloaded stays failed as well.
        modulePreload: {
          resolveDependencies: (_file, files, { hostType }) =>
            hostType === 'js' ? files.filter((file) => file.endsWith('.css')) : files,
        },
      },
    }),
  };
}

function rewriting(name: string): Plugin {
  return {
    name: `fetch-before-import:${name}`,
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const chunk of Object.values(bundle)) {
          if (chunk.type !== 'chunk' || chunk.dynamicImports.length === 0) continue;
          const folder = posix.dirname(chunk.fileName);
          const here = withImports(chunk.fileName, bundle);
          const missed = new Set(chunk.dynamicImports);
          const code = chunk.code.replace(IMPORT, (original, _quote, address) => {
            const imported = posix.join(folder, address);
            missed.delete(imported);
            const files = [...withImports(imported, bundle)].filter((file) => !here.has(file));
            if (files.length === 0) return original;
            const addresses = files.map((file) => JSON.stringify(posix.relative(folder, file)));
            return `__fetched(${addresses}).then(()=>${original})`;
          });
          if (missed.size > 0) this.error(`${chunk.fileName} imports ${[...missed]} in a way that is not known here.`);
          chunk.code = HELPER + code;
        }
      },
    },
  };
}

/** A chunk and all that it imports, as it imports it: what a browser fetches before it can run it. */
function withImports(fileName: string, bundle: Rolldown.OutputBundle): Set<string> {
  const found = new Set([fileName]);
  for (const name of found) {
    const chunk = bundle[name];
    if (chunk?.type === 'chunk') for (const imported of chunk.imports) found.add(imported);
  }
  return found;
}
