/** Runs suites in headless Chromium, each in a fresh page. */
import { type Browser, chromium } from '@playwright/test';
import { withWebgpu } from '../e2e/browsers.ts';
import { chromiumArgs } from './adapter.ts';
import type { Options } from './options.ts';
import type { Message } from './page/main.ts';
import type { Runner } from './runner.ts';
import { serve } from './server.ts';

/** `folders`: what the page is served from, see server.ts. */
export async function openChromium(options: Options, folders: [string, string][]): Promise<Runner> {
  if (!withWebgpu.executablePath)
    throw new Error('No Chromium was found: `npm test` installs one, or set CHROMIUM_PATH.');
  const server = await serve(folders);
  const launch = () => chromium.launch({ executablePath: withWebgpu.executablePath, args: chromiumArgs(options) });
  let browser: Browser | undefined;
  return {
    async run(job, hear, milliseconds) {
      browser ??= await launch();
      const page = await browser.newPage();
      const env = `Chromium ${browser.version().split('.')[0]}`;
      let timer: NodeJS.Timeout | undefined;
      try {
        await new Promise<void>((resolve, reject) => {
          timer = setTimeout(() => reject(new Error('its time was over.')), milliseconds);
          page.on('crash', () => reject(new Error('the page crashed.')));
          browser!.on('disconnected', () => reject(new Error('Chromium ended early.')));
          page.on('pageerror', (error) => reject(error));
          const bench = (message: Message) => {
            if ('done' in message) resolve();
            else if ('failure' in message) reject(new Error(message.failure));
            else hear(message);
          };
          page
            .exposeFunction('bench', bench)
            .then(() => page.goto(`${server.origin}/`))
            .then(() => page.evaluate((j) => window.runBench(j), { ...job, env }))
            .catch(reject);
        });
      } catch (error) {
        // A worker that computes does not let its page close: end the browser, and start another for the next suite.
        await browser.close();
        browser = undefined;
        throw error;
      } finally {
        clearTimeout(timer);
      }
      await page.close();
    },
    async close() {
      await browser?.close();
      server.stop();
    },
  };
}
