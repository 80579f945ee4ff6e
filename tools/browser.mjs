/** Finds a Chromium on this machine. Headless WebGPU needs the full browser, not Playwright's smaller headless shell. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';

/** The path of a Chromium or Chrome, or null when there is none. CHROMIUM_PATH comes before all others. */
export function findChromium() {
  const wish = process.env.CHROMIUM_PATH;
  if (wish) {
    if (existsSync(wish)) return wish;
    throw new Error(`CHROMIUM_PATH is "${wish}", but there is no such file.`);
  }
  return [...installed(), chromium.executablePath()].find((path) => existsSync(path)) ?? null;
}

/** Where systems put the browser. */
function installed() {
  switch (process.platform) {
    case 'darwin':
      return ['Chromium', 'Google Chrome'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
    case 'win32':
      return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
        .map((variable) => process.env[variable])
        .filter((folder) => folder !== undefined)
        .flatMap((folder) => [
          join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
          join(folder, 'Chromium', 'Application', 'chrome.exe'),
        ]);
    default:
      return ['chromium', 'google-chrome', 'google-chrome-stable'].map((name) => `/usr/bin/${name}`);
  }
}
