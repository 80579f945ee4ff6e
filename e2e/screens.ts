/** Takes pictures of the page for people to look at: npx tsx e2e/screens.ts ADDRESS FOLDER */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { withWebgpu } from './browsers.ts';
import { CompletePage } from './complete-page.ts';
import { everyWorkspace } from './everyone-states.ts';

const [address, folder] = process.argv.slice(2);
if (!address || !folder) {
  console.error('usage: npx tsx e2e/screens.ts ADDRESS FOLDER');
  process.exit(1);
}
await mkdir(folder, { recursive: true });
const SCHEMES = ['light', 'dark'] as const;
const WIDTHS = [360, 768, 1440, 1920];
const browser = await chromium.launch(withWebgpu);
const context = await browser.newContext({ baseURL: address });
const page = await context.newPage();

const shoot = async (what: string) => {
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width < 500 ? 780 : 1000 });
      // Charts and grids take their new width in the next frames.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      const path = join(folder, `${what}-${width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true });
      console.log(path);
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
};

await new CompletePage(page).openCompleted();
for (const name of ['Complete', 'Train', 'Probe']) {
  await page.getByRole('tab', { name }).click();
  if (name !== 'Complete')
    await page
      .getByRole('button', { name: `${name} on CIFAR-10` })
      .first()
      .waitFor();
  await shoot(`first-${name.toLowerCase()}`);
}
await everyWorkspace(page, (state) => shoot(`used-${state.toLowerCase()}`));
await browser.close();
