/**
 * Vite plugin: no chunk imports an entry. WebKit runs the entry of a worker a second time when another chunk imports it,
 * and bundlers put into an entry what other chunks share with it. So an entry is one line that imports its start, which
 * becomes a chunk of its own, and the build fails where an entry is imported all the same.
 */
import { resolve } from 'node:path';
import { normalizePath, type Plugin, type Rolldown } from 'vite';

/** What the page's entry and the worker's entry start. */
const STARTS = { page: 'src/start.tsx', worker: 'workers/lab/serve.ts' };

/** @param starts what each entry imports, as paths from the project's folder */
export function entries(starts = STARTS): Plugin {
  return {
    ...separate('page', starts.page),
    apply: 'build',
    config: () => ({ worker: { plugins: () => [separate('worker', starts.worker)] } }),
  };
}

function separate(name: string, start: string): Plugin {
  let id: string;
  return {
    name: `entries:${name}`,
    configResolved({ root }) {
      id = normalizePath(resolve(root, start));
    },
    buildStart() {
      this.emitFile({ type: 'chunk', id });
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
        const entries = chunks.filter(({ isEntry, facadeModuleId }) => isEntry && facadeModuleId !== id);
        // Rolldown makes a chunk that only re-exports the start, where the entry could import the start itself.
        const imported = new Set(chunks.flatMap(({ imports }) => imports));
        const start = chunks.find(({ facadeModuleId }) => facadeModuleId === id);
        if (start && !imported.has(start.fileName)) delete bundle[start.fileName];
        const faults = importsOf(
          entries.map(({ fileName }) => fileName),
          chunks,
        );
        if (faults.length > 0) this.error(faults.join(' '));
      },
    },
  };
}

/** One sentence for each import of an entry. */
function importsOf(entries: string[], chunks: Rolldown.OutputChunk[]): string[] {
  return chunks.flatMap(({ fileName, imports, dynamicImports }) =>
    [...imports, ...dynamicImports]
      .filter((imported) => entries.includes(imported))
      .map((entry) => `${fileName} imports the entry ${entry}, which WebKit would then run twice.`),
  );
}
