/** The benchmark in About: real figures of this device, to look at and to take along. */

import { expect, test } from './complete-page.ts';
import { axe } from './helpers.ts';

test('the benchmark measures completing and training, and its figures can be copied', async ({
  complete,
  context,
  page,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await complete.openQuickly();
  await page.getByRole('tab', { name: 'About' }).click();
  await page.getByRole('button', { name: 'Benchmark this device' }).click();
  await expect(page.getByRole('button', { name: 'Measuring…' })).toBeDisabled();
  for (const work of ['Completing, 8 at a time', 'Training, batches of 4']) {
    const row = page.getByRole('definition').filter({ hasText: 'pixels/s' });
    const figure = row.nth(work.startsWith('C') ? 0 : 1);
    await expect(page.getByText(work)).toBeVisible({ timeout: 60_000 });
    const perSecond = Number((await figure.innerText()).replace(/[^0-9.]/g, ''));
    // Anything between a very slow phone and the fastest GPU; a mix-up of units would lie outside.
    expect(perSecond).toBeGreaterThan(20);
    expect(perSecond).toBeLessThan(1e8);
  }
  await page.getByRole('button', { name: 'Copy the figures' }).click();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toMatch(/^Image GPT in a tab, preset xs, .+\nCompleting.+pixels\/s.+\nTraining.+pixels\/s/);
  await axe(page);
});
