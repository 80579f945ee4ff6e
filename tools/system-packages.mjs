/**
 * What the tests use besides Node's packages: browsers, their drivers and a software Vulkan. On Debian root gets them
 * from Debian's archive; elsewhere Playwright brings a Chromium, and the rest is used where it is there.
 */

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  findChromium,
  findFirefox,
  findHeadlessShell,
  findWebKitDriver,
  findXvfb,
  hasWebKitBindings,
} from './browser.mjs';
import { ran } from './setup.mjs';

/** Debian's packages, each with what tells that what it brings is there. */
const PACKAGES = {
  chromium: () => findChromium() !== null,
  'chromium-headless-shell': () => findHeadlessShell() !== null || Boolean(process.env.CHROMIUM_PATH),
  'firefox-esr': () => findFirefox() !== null,
  'webkit2gtk-driver': () => findWebKitDriver() !== null,
  'gir1.2-webkit2-4.1': hasWebKitBindings,
  'python3-gi': hasWebKitBindings,
  xvfb: () => findXvfb() !== null,
  libvulkan1: () => major('libvulkan1') >= 1,
  // Dawn refuses lavapipe before Mesa 25.
  'mesa-vulkan-drivers': () => major('mesa-vulkan-drivers') >= 25,
};

const BACKPORTS = '/etc/apt/sources.list.d/bookworm-backports.list';

/** Installs what is missing where that can be done; a sentence where something is still missing. */
export function installSystemPackages() {
  const missing = () => Object.keys(PACKAGES).filter((name) => !PACKAGES[name]());
  const isRoot = process.getuid?.() === 0;
  if (release('ID') === 'debian') {
    if (isRoot && missing().length > 0) aptInstall(missing());
    if (findChromium() === null) playwrightInstall(false);
    if (missing().length === 0) return undefined;
    return isRoot
      ? `apt-get could not install ${missing().join(', ')}: see its messages above.`
      : `For root npm test would also install ${missing().join(', ')}.`;
  }
  if (findChromium() === null) playwrightInstall(isRoot);
  return findChromium() === null ? 'No Chromium could be installed: CHROMIUM_PATH may name one.' : undefined;
}

function aptInstall(names) {
  console.log(`Installing ${names.join(', ')} by apt-get …`);
  // Bookworm has Mesa 25 in its backports.
  const backports = names.includes('mesa-vulkan-drivers') && release('VERSION_CODENAME') === 'bookworm';
  if (backports) addBackports();
  const wanted = names.map((name) =>
    backports && name === 'mesa-vulkan-drivers' ? `${name}/bookworm-backports` : name,
  );
  apt('update');
  // All at once, but where one cannot be had the others are still wanted.
  if (!apt('install', ...wanted)) for (const name of wanted) apt('install', name);
  if (backports && !PACKAGES['mesa-vulkan-drivers']()) rmSync(BACKPORTS, { force: true });
}

/** Adds the backports of the archive that apt uses for bookworm already. */
function addBackports() {
  const targets = output('apt-get', 'indextargets', '--format', '$(REPO_URI) $(RELEASE)', 'Created-By: Packages');
  const suites = targets.split('\n').map((line) => line.split(' '));
  const [archive] = suites.find(([, suite]) => suite === 'bookworm') ?? [];
  if (archive === undefined || suites.some(([, suite]) => suite === 'bookworm-backports')) return;
  writeFileSync(BACKPORTS, `deb ${archive} bookworm-backports main\n`);
}

/** True when apt-get succeeded. Of its words only complaints are shown. */
function apt(command, ...names) {
  const args = command === 'install' ? ['-y', '--no-install-recommends', ...names] : [];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', [command, ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

function playwrightInstall(withDependencies) {
  console.log('Installing Chromium …');
  ran('npx', 'playwright', 'install', '--no-shell', ...(withDependencies ? ['--with-deps'] : []), 'chromium');
}

/** The first number of an installed package's version, else NaN. */
function major(name) {
  return Number.parseInt(output('dpkg-query', '-W', name).split('\t')[1], 10);
}

/** What a program prints; nothing where it fails or is not there. */
function output(command, ...args) {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout ?? '';
}

/** A field of /etc/os-release, which systems other than Linux lack. */
function release(field) {
  try {
    return new RegExp(`^${field}="?([^"\n]*)`, 'm').exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
