/** Chromium, through Playwright. */

import { readFile } from 'node:fs/promises';
import { chromium, type Page } from '@playwright/test';
import { findChromium } from '../../tools/browser.mjs';
import { withWebgpu } from '../browsers.ts';
import { collectComplaints } from '../helpers.ts';
import type { Download, Engine, Key, Point, Tab } from './driver.ts';

/** Why it cannot start here; null where it can. */
export const chromiumLacks = (): string | null => (findChromium() === null ? 'no Chromium is installed' : null);

export async function startChromium(): Promise<Engine> {
  const browser = await chromium.launch({ ...withWebgpu, executablePath: findChromium() ?? undefined });
  return {
    open: async (home) => {
      const context = await browser.newContext({ serviceWorkers: 'allow' });
      const complaints = collectComplaints(context, home);
      const page = await context.newPage();
      page.on('dialog', (dialog) => void dialog.accept());
      return new ChromiumTab(page, complaints, `Chromium ${browser.version()}`);
    },
    close: () => browser.close(),
  };
}

class ChromiumTab implements Tab {
  constructor(
    private readonly page: Page,
    private readonly heard: string[],
    readonly browser: string,
  ) {}

  async goto(address: string): Promise<void> {
    await this.page.goto(address);
  }

  async reload(): Promise<void> {
    await this.page.reload();
  }

  call(source: string, argument: string): Promise<string> {
    return this.page.evaluate(`(${source})(${JSON.stringify(argument)})`);
  }

  async setFiles(source: string, argument: string, paths: string[]): Promise<void> {
    const handle = await this.page.evaluateHandle<Element>(`(${source})(${JSON.stringify(argument)})`);
    await handle.setInputFiles(paths);
    await handle.dispose();
  }

  async mouse(points: Point[], button: 'pressed' | 'up'): Promise<void> {
    const { mouse } = this.page;
    await mouse.move(points[0].x, points[0].y);
    if (button === 'pressed') await mouse.down();
    for (const { x, y } of points.slice(1)) await mouse.move(x, y);
    if (button === 'pressed') await mouse.up();
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async press(key: Key): Promise<void> {
    await this.page.keyboard.press(key);
  }

  async download(start: () => Promise<void>): Promise<Download> {
    const event = this.page.waitForEvent('download');
    await start();
    const download = await event;
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  async resize(width: number, height: number): Promise<void> {
    await this.page.setViewportSize({ width, height });
  }

  screenshot(): Promise<Buffer> {
    return this.page.screenshot();
  }

  complaints(): string[] {
    return this.heard;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
