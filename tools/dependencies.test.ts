/** What the lock file says of the packages: each is pinned to its bytes, may be used, and runs nothing unasked. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Locked {
  integrity?: string;
  license?: string;
  hasInstallScript?: boolean;
  resolved?: string;
}

const lock: { packages: Record<string, Locked> } = JSON.parse(
  readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'),
);
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

const where = (holds: (of: Locked) => boolean) => packages.filter(([, of]) => holds(of)).map(([path]) => path);

test('every package is pinned to the hash of its bytes, wherever they come from', () => {
  expect(packages.length).toBeGreaterThan(100);
  expect(where(({ integrity }) => !integrity?.startsWith('sha512-'))).toEqual([]);
  expect(where(({ resolved }) => resolved !== undefined)).toEqual([]);
});

test('every package may be used and passed on', () => {
  const free = /^(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|MPL-2\.0|OFL-1\.1|CC0-1\.0)$/;
  expect(where(({ license }) => !license?.split(/ (?:OR|AND) /).every((name) => free.test(name)))).toEqual([]);
});

test('no package runs a script when it is installed but those that are known to', () => {
  expect(where(({ hasInstallScript }) => hasInstallScript === true).sort()).toEqual([
    'node_modules/core-js', // a word of thanks
    'node_modules/esbuild', // puts its program in place
    'node_modules/webgpu', // the same
  ]);
});
