/**
 * Runs the Python tests of this folder, with the Python of `$IGPT_PYTHON` or of `.venv`. Where there is none that has
 * PyTorch, they are skipped: nothing else of this repository needs it.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const here = fileURLToPath(new URL('.', import.meta.url));
const python = process.env.IGPT_PYTHON ?? fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));

/** Why the tests cannot run, or nothing. */
function obstacle(): string | undefined {
  const { status } = spawnSync(python, ['-c', 'import torch, safetensors']);
  return status === 0 ? undefined : `${python} does not import torch and safetensors`;
}

test('what is trained in PyTorch is the model of this repository', { timeout: 15 * 60_000 }, ({ skip }) => {
  const reason = obstacle();
  if (reason !== undefined) {
    console.log(`The tests of tools/pretrain are skipped: ${reason}.`); // reporters keep a note to themselves
    skip(reason);
  }
  const { status, stderr } = spawnSync(python, ['-m', 'unittest', 'discover', '--start-directory', here], {
    cwd: here,
    env: { ...process.env, OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' },
    encoding: 'utf8',
  });
  console.log(stderr); // how many ran, and which were skipped and why
  expect(status, stderr).toBe(0);
});
