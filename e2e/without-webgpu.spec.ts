/** A browser whose WebGPU finds no adapter, as in most tests. */

import { expect, test } from './complete-page.ts';

test('there is no WebGPU adapter', async ({ page }) => {
  await page.route('**/blank', (route) => route.fulfill({ contentType: 'text/html', body: '<title>Blank</title>' }));
  await page.goto('/blank');
  expect(await page.evaluate(async () => (await navigator.gpu.requestAdapter()) === null)).toBe(true);
});

test('the page completes on WebAssembly and says why in plain words', async ({ complete, page }) => {
  await complete.openCompleted('n=2');
  expect((await complete.completions()).flat()).not.toContain('unknown');
  await expect(complete.device).toHaveAccessibleName('Device: WebAssembly');
  await complete.device.click();
  const panel = page.getByRole('dialog', { name: 'Device' });
  await expect(panel).toContainText('This browser has WebGPU but found no graphics adapter.');
  await expect(panel).toContainText(/Parameters\s*\d/);
});

test('asking for WebGPU all the same says what is missing, and the way back works', async ({ complete, page }) => {
  await complete.openCompleted('n=2');
  const pictures = await complete.completions();
  await complete.device.click();
  const panel = page.getByRole('dialog', { name: 'Device' });
  await panel.getByRole('radio', { name: 'WebGPU' }).click();
  await expect(complete.notice('This browser has WebGPU but found no graphics adapter.')).toBeVisible();
  await expect(complete.device).toHaveAccessibleName('Device: Not running');
  await expect(complete.start).toBeDisabled();

  await panel.getByRole('radio', { name: 'Best' }).click();
  await expect(complete.device).toHaveAccessibleName('Device: WebAssembly');
  await page.keyboard.press('Escape');
  await complete.run();
  expect(await complete.completions()).toEqual(pictures);
});
