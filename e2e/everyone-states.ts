/** Every workspace in the state in which it shows the most, for tests of what holds everywhere. */
import type { Page } from '@playwright/test';
import { CompletePage, expect } from './complete-page.ts';
import { ProbePage } from './probe-page.ts';
import { RunPage, SHORT } from './run-page.ts';

export type Check = (state: string) => Promise<void>;

/** A paused run, a probe and a completion, one after the other; `check` hears of each when it is on the screen. */
export async function everyWorkspace(page: Page, check: Check): Promise<void> {
  const runs = new RunPage(page);
  await runs.open();
  await runs.write({ ...SHORT, 'Draw every': 2, 'Judge every': 2, Steps: 100_000 });
  await runs.startOnBundled();
  await runs.reaches(8);
  await runs.pauseIt();
  await expect(runs.drawing).toBeVisible({ timeout: 60_000 });
  await check('Train');

  await page.getByRole('tab', { name: 'Probe' }).click();
  const probe = new ProbePage(page);
  await probe.setup.getByRole('textbox', { name: 'Training pictures' }).fill('60');
  await probe.setup.getByRole('textbox', { name: 'Test pictures' }).fill('40');
  await probe.choice('Beside them', 'Untrained model').click();
  await probe.start.click();
  await probe.ends();
  await expect(probe.layer.getByRole('table', { name: 'Confusion matrix' })).toBeVisible();
  await check('Probe');

  await page.getByRole('tab', { name: 'About' }).click();
  await expect(page.getByRole('slider', { name: 'Pixel' })).toBeVisible({ timeout: 60_000 });
  await check('About');

  await page.getByRole('tab', { name: 'Complete' }).click();
  const complete = new CompletePage(page);
  await complete.completed();
  await complete.showMoreSettings();
  await complete.choose('Attention');
  await expect(complete.inspector.getByText('Looks at the start symbol')).toBeVisible();
  await check('Complete');
}
