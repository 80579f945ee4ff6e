/**
 * Vite plugin: weighs the JavaScript that the first screen and each worker load before anything else, prints the
 * weights, and fails the build when they grow past the budget or tfjs gets into the page.
 */

import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

/** Kilobytes of 1,000 bytes after gzip. */
const BUDGET = { page: 150, worker: 250 };

/** An entry with all that it imports statically. */
interface Weight {
  kind: keyof typeof BUDGET;
  entry: string;
  chunks: number;
  kilobytes: number;
}

export function bundleWeights(): Plugin {
  const weights: Weight[] = [];
  // Workers are bundled on their own, while the page's modules are read: before the page's own bundle is made.
  const workers: Plugin = {
    name: 'bundle-weights:workers',
    generateBundle: { order: 'post', handler: (_options, bundle) => void weights.push(...weigh('worker', bundle)) },
  };
  return {
    name: 'bundle-weights',
    apply: 'build',
    config: () => ({ worker: { plugins: () => [workers] } }),
    buildStart() {
      weights.length = 0;
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        weights.unshift(...weigh('page', bundle));
        const faults = [...weights.flatMap(overweight), ...tensorflowIn(bundle)];
        if (faults.length > 0) this.error(faults.join(' '));
      },
    },
    writeBundle: { order: 'post', handler: () => console.log(`\n${weights.map(line).join('\n')}`) },
  };
}

function weigh(kind: Weight['kind'], bundle: Rolldown.OutputBundle): Weight[] {
  const chunks = chunksOf(bundle);
  // What an entry starts is a chunk of its own (entries.ts), and weighs as part of the entry.
  const imported = new Set(chunks.flatMap(({ imports }) => imports));
  return chunks
    .filter(({ isEntry, fileName }) => isEntry && !imported.has(fileName))
    .map((entry) => {
      const loaded = withImports(entry, bundle);
      const bytes = loaded.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
      return { kind, entry: basename(entry.fileName), chunks: loaded.length, kilobytes: bytes / 1000 };
    });
}

/** A chunk and all that a browser fetches before it can run it. */
function withImports(entry: Rolldown.OutputChunk, bundle: Rolldown.OutputBundle): Rolldown.OutputChunk[] {
  const found = new Set([entry]);
  for (const chunk of found) {
    for (const name of chunk.imports) {
      const imported = bundle[name];
      if (imported?.type === 'chunk') found.add(imported);
    }
  }
  return [...found];
}

function overweight({ kind, entry, kilobytes }: Weight): string[] {
  const limit = BUDGET[kind];
  if (kilobytes <= limit) return [];
  return [`The ${kind}'s ${entry} loads ${kilobytes.toFixed(1)} KB of JavaScript, more than the ${limit} KB allowed.`];
}

/** The page leaves all computing to the worker, in chunks loaded later too. */
function tensorflowIn(bundle: Rolldown.OutputBundle): string[] {
  const modules = chunksOf(bundle).flatMap(({ moduleIds }) => moduleIds);
  const found = modules.find((id) => id.includes('/node_modules/@tensorflow/'));
  if (found === undefined) return [];
  return [`The page itself imports tfjs (${found.slice(found.indexOf('@tensorflow/'))}), which belongs to the worker.`];
}

function chunksOf(bundle: Rolldown.OutputBundle): Rolldown.OutputChunk[] {
  return Object.values(bundle).filter((output) => output.type === 'chunk');
}

function line({ kind, entry, chunks, kilobytes }: Weight): string {
  const files = `${chunks} ${chunks === 1 ? 'file' : 'files'}`;
  return `${kind.padEnd(6)}  ${entry.padEnd(32)}  ${files.padEnd(8)}  ${kilobytes.toFixed(1).padStart(6)} KB of ${BUDGET[kind]} KB gzip`;
}
