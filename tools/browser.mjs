/** Finds the browsers that the tests drive. An environment variable names another file than the usual ones. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';

/**
 * The path of a Chromium or Chrome, or null when there is none. Headless WebGPU needs the full browser, not
 * Playwright's smaller headless shell.
 */
export function findChromium() {
  return find('CHROMIUM_PATH', [
    ...onThisSystem({
      linux: ['chromium', 'google-chrome', 'google-chrome-stable'],
      darwin: ['Chromium.app/Contents/MacOS/Chromium', 'Google Chrome.app/Contents/MacOS/Google Chrome'],
      win32: ['Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe'],
    }),
    chromium.executablePath(),
  ]);
}

/**
 * The path of Debian's headless shell of Chromium, which has WebGPU; null when there is none, or when
 * CHROMIUM_PATH asks for another browser.
 */
export function findHeadlessShell() {
  if (process.env.CHROMIUM_PATH) return null;
  return find('', onThisSystem({ linux: ['chromium-headless-shell'], darwin: [], win32: [] }));
}

/** The path of a Firefox, or null when there is none. */
export function findFirefox() {
  return find(
    'FIREFOX_PATH',
    onThisSystem({
      linux: ['firefox-esr', 'firefox'],
      darwin: ['Firefox.app/Contents/MacOS/firefox'],
      win32: ['Mozilla Firefox\\firefox.exe'],
    }),
  );
}

/** The path of WebKitGTK's WebDriver, or null when there is none. */
export function findWebKitDriver() {
  return find('WEBKIT_DRIVER_PATH', onThisSystem({ linux: ['WebKitWebDriver'], darwin: [], win32: [] }));
}

/** Whether Debian's Python can open a window with WebKitGTK in it, as the tests do (e2e/engines/webkit-window.py). */
export function hasWebKitBindings() {
  const program = 'import gi; gi.require_version("WebKit2", "4.1"); gi.require_version("Gtk", "3.0")';
  return spawnSync('/usr/bin/python3', ['-c', program], { stdio: 'ignore' }).status === 0;
}

/** The path of Xvfb, the screen for a browser that has no headless mode; null when there is none. */
export function findXvfb() {
  return find('XVFB_PATH', onThisSystem({ linux: ['Xvfb'], darwin: [], win32: [] }));
}

/** The first of the files that exists; the variable's file comes before all others and must exist. */
function find(variable, files) {
  const wish = process.env[variable];
  if (!wish) return files.find((file) => existsSync(file)) ?? null;
  if (existsSync(wish)) return wish;
  throw new Error(`${variable} is "${wish}", but there is no such file.`);
}

/** The names in the folders where this operating system has its programs. */
function onThisSystem(names) {
  const { PROGRAMFILES, 'PROGRAMFILES(X86)': PROGRAMFILES_X86, LOCALAPPDATA } = process.env;
  switch (process.platform) {
    case 'darwin':
      return names.darwin.map((name) => join('/Applications', name));
    case 'win32':
      return [PROGRAMFILES, PROGRAMFILES_X86, LOCALAPPDATA]
        .filter((folder) => folder !== undefined)
        .flatMap((folder) => names.win32.map((name) => join(folder, name)));
    default:
      return names.linux.map((name) => join('/usr/bin', name));
  }
}

/** Whether a driver for Vulkan is installed, lavapipe in software included: Firefox's WebGPU stands on it. */
export function hasVulkan() {
  const folders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];
  return folders.some((folder) => existsSync(folder) && readdirSync(folder).length > 0);
}
