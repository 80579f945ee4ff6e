/** Takes pictures of the page for people to look at: npx tsx e2e/screens.ts ADDRESS FOLDER */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { withWebgpu } from './browsers.ts';
import { CompletePage } from './complete-page.ts';

const [address, folder] = process.argv.slice(2);
if (!address || !folder) {
  console.error('usage: npx tsx e2e/screens.ts ADDRESS FOLDER');
  process.exit(1);
}
await mkdir(folder, { recursive: true });
const browser = await chromium.launch(withWebgpu);
for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1024, 1920]) {
    const page = await browser.newPage({
      baseURL: address,
      colorScheme,
      viewport: { width, height: width < 500 ? 780 : 1000 },
    });
    const shoot = async (what: string) => {
      const path = join(folder, `${what}-${width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true });
      console.log(path);
    };
    const complete = new CompletePage(page);
    await complete.openCompleted();
    await shoot('complete');
    await page.getByRole('tab', { name: 'About' }).click();
    await page.getByRole('heading', { name: 'What Image GPT is' }).waitFor();
    await shoot('about');
    await page.close();
  }
}
await browser.close();
