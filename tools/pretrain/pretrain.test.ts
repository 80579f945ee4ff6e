/** Runs the Python tests of this folder; nothing else of this repository needs Python. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { python } from '../needs.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

test('what is trained in PyTorch is the model of this repository', { tags: ['pytorch'], timeout: 15 * 60_000 }, () => {
  const { status, stderr } = spawnSync(python, ['-m', 'unittest', 'discover', '--start-directory', here], {
    cwd: here,
    env: { ...process.env, OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' },
    encoding: 'utf8',
  });
  console.log(stderr); // how many ran, and which were skipped and why
  expect(status, stderr).toBe(0);
});
