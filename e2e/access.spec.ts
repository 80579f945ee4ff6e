/** Nobody is shut out: the accessibility rules hold in every state of the page, light and dark, narrow and wide. */

import { expect, test } from './complete-page.ts';
import { axe } from './helpers.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1440]) {
    test.describe(`${colorScheme}, ${width} pixels wide`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } });

      test('no state of Complete breaks an accessibility rule', async ({ complete, page }) => {
        test.slow();
        await test.step('while the model is on its way', async () => {
          await page.route('**/model.safetensors', () => {});
          await complete.open('n=2');
          await expect(page.getByText('Made earlier by the same model')).toBeVisible();
          await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
          await axe(page);
          await page.unrouteAll({ behavior: 'ignoreErrors' });
          await page.reload();
        });
        await test.step('after a completion, settings unfolded', async () => {
          await complete.completed();
          await complete.showMoreSettings();
          await expect(page.getByRole('switch', { name: 'Look-ahead' })).toBeVisible();
          await axe(page);
        });
        await test.step('with a pixel under the lens', async () => {
          await complete.card(2).focus();
          await page.keyboard.press('ArrowRight');
          for (const view of ['Attention', 'Surprise']) {
            await complete.choose(view);
            await axe(page);
          }
        });
        for (const name of [/^Completion 1: use/, /^Hide a part/, /^Model:/, /^Theme:/]) {
          await test.step(`with the menu of ${name}`, async () => {
            await page.getByRole('button', { name }).click();
            await expect(page.getByRole('menu')).toBeVisible();
            await axe(page);
            await page.keyboard.press('Escape');
            await expect(page.getByRole('menu')).toBeHidden();
          });
        }
        await test.step('with the palette', async () => {
          await page.getByRole('button', { name: /Show all colours$/ }).click();
          await expect(page.getByRole('listbox', { name: 'Colours' })).toBeVisible();
          await axe(page);
          await page.keyboard.press('Escape');
        });
        await test.step('with the device panel', async () => {
          await complete.device.click();
          await expect(page.getByRole('dialog', { name: 'Device' })).toBeVisible();
          await axe(page);
          await page.keyboard.press('Escape');
        });
        await test.step('with a notice', async () => {
          await complete.pick(1, 'Use this one');
          await complete.start.click();
          await expect(complete.notice('Every pixel is drawn already.')).toBeVisible();
          await axe(page);
        });
      });

      test('About breaks no accessibility rule', async ({ page }) => {
        await page.goto('/#about');
        await expect(page.getByRole('heading', { name: 'What Image GPT is' })).toBeVisible();
        await axe(page);
      });
    });
  }
}
