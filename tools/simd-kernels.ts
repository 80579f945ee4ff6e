/**
 * Compiles workers/simd/assembly to WebAssembly, once with relaxed SIMD and once without, and keeps the two files under
 * node_modules until a source or the compiler changes. As a Vite plugin it serves them to the worker as
 * 'virtual:simd-kernels/plain.wasm?url' and '…/relaxed.wasm?url'.
 */

import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import compiler from 'assemblyscript/package.json' with { type: 'json' };
import type { Plugin } from 'vite';

const VARIANTS = {
  plain: ['--enable', 'simd'],
  relaxed: ['--enable', 'simd', '--enable', 'relaxed-simd'],
};

// AS112 warns that vectors cannot cross to the host: here they stay inside.
const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--pedantic', '--disableWarning', '112'];

export type KernelVariant = keyof typeof VARIANTS;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sources = join(root, 'workers', 'simd', 'assembly');

/** Node 20 has relaxed SIMD behind a flag; later ones have it anyway, and no longer know the flag. To be called before kernels are chosen. */
export function allowRelaxedSimd(): void {
  if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
}

/** The bytes of both variants. */
export async function simdKernels(): Promise<Record<KernelVariant, Uint8Array<ArrayBuffer>>> {
  const read = async (variant: KernelVariant) => new Uint8Array(await readFile(await compiledFile(variant)));
  return { plain: await read('plain'), relaxed: await read('relaxed') };
}

/** Where a variant lies, compiled when it is not there yet. Throws with the compiler's words when it cannot be. */
async function compiledFile(variant: KernelVariant): Promise<string> {
  const names = (await readdir(sources)).filter((name) => name.endsWith('.ts')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(sources, name), 'utf8')));
  const hash = createHash('sha256').update(JSON.stringify([compiler.version, OPTIONS, VARIANTS, names, texts]));
  const folder = join(root, 'node_modules', '.cache', 'simd-kernels', hash.digest('hex').slice(0, 16));
  const path = join(folder, `kernels-${variant}.wasm`);
  if (await stat(path).catch(() => undefined)) return path;

  const bytes = await compile(variant);
  await mkdir(folder, { recursive: true });
  const aside = `${path}.${randomUUID()}`;
  await writeFile(aside, bytes);
  await rename(aside, path);
  return path;
}

async function compile(variant: KernelVariant): Promise<Uint8Array> {
  const { default: asc } = await import('assemblyscript/asc');
  let bytes: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    ['index.ts', '--baseDir', sources, '--outFile', 'kernels.wasm', ...OPTIONS, ...VARIANTS[variant]],
    {
      writeFile: (_name, contents) => {
        bytes = contents as Uint8Array;
      },
    },
  );
  if (error || !bytes) throw new Error(`The kernels do not compile: ${error?.message}\n${stderr.toString()}`);
  return bytes;
}

export function simdKernelsPlugin(): Plugin {
  return {
    name: 'simd-kernels',
    config: () => ({ worker: { plugins: () => [simdKernelsPlugin()] } }),
    async resolveId(id) {
      const [, variant] = /^virtual:simd-kernels\/(plain|relaxed)\.wasm\?url$/.exec(id) ?? [];
      return variant ? `${await compiledFile(variant as KernelVariant)}?url&no-inline` : undefined;
    },
  };
}
