/** What `npm start` and `npm test` need before anything else: a Node that is new enough, the packages, a way to call npm. */

import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Runs a command in the project's folder with its output shown; true when it succeeded. */
export function ran(command, ...args) {
  // On Windows npm and npx are batch files, which only a shell can start.
  const shell = process.platform === 'win32';
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', shell }).status === 0;
}

/** Ends the program with one sentence that says what is wrong. */
export function stop(sentence) {
  console.error(`\n${sentence}`);
  process.exit(1);
}

/** Installs the packages when they are missing or older than package-lock.json. */
export function install() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    stop(`Node ${process.versions.node} is too old: this project needs Node 20.19 or newer.`);
  }
  // npm writes this file last, so an interrupted installation counts as missing.
  const installed = modified('node_modules/.package-lock.json');
  if (installed >= modified('package-lock.json')) return;
  console.log('Installing packages …');
  if (!ran('npm', 'ci')) stop('The packages could not be installed: see the message of npm above.');
}

function modified(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
