/** About shows the model at work: on the visitor's own drawing, with figures that the model itself has given. */

import type { Locator, Page } from '@playwright/test';
import { coloursOf, expect, test } from './complete-page.ts';

/** What holds a picture of the figure. */
const picture = (within: Page | Locator, name: string | RegExp): Locator =>
  within.getByRole('img', { name }).locator('..');

test('the model reads the drawing of Complete, and the three pictures go through it together', async ({
  complete,
  page,
}) => {
  await complete.openCompleted('n=1&seed=7');
  const [completion] = await complete.completions();
  await complete.card(1).focus();
  await page.keyboard.press('ArrowRight');
  // What Complete says of a pixel that the model chose, to be said again in About.
  await complete.pointAt(complete.card(1), { x: 5, y: 12 });
  const shares = complete.inspector.getByRole('list', { name: 'Likeliest colours' }).getByRole('listitem');
  const told = (await shares.allInnerTexts()).map((text) => /[\d.]+ %/.exec(text)?.[0]);

  await page.getByRole('tab', { name: 'About' }).click();
  const figure = page.getByRole('figure', { name: 'The model reads your drawing' });
  const pixel = figure.getByRole('slider', { name: 'Pixel' });
  await expect(pixel).toBeVisible({ timeout: 30_000 });
  const whole = picture(figure, 'Your drawing, completed by the model');
  expect(await coloursOf(whole)).toEqual(completion);

  await pixel.press('Home');
  await expect(pixel).toHaveAttribute('aria-valuetext', '1 of 256: row 1, column 1');
  await expect(figure.getByRole('button', { name: 'Back' })).toBeDisabled();
  await expect(figure.getByText(/there is nothing else before the first pixel/)).toBeVisible();
  for (let i = 0; i < 3; i++) await figure.getByRole('button', { name: 'Next pixel' }).click();
  await expect(pixel).toHaveAttribute('aria-valuetext', '4 of 256: row 1, column 4');
  const read = picture(figure, 'What the model has read so far: 3 pixels');
  const seen = await coloursOf(read);
  expect(seen.slice(0, 3)).toEqual(completion.slice(0, 3));
  expect(seen.slice(3).every((colour) => colour === 'unknown')).toBe(true);
  await expect(figure.getByRole('list', { name: 'A part of the sequence' }).locator('[aria-current]')).toHaveText(
    await figure.locator('strong').first().innerText(),
  );

  await complete.pointAt(whole, { x: 5, y: 12 });
  await expect(pixel).toHaveAttribute('aria-valuetext', '198 of 256: row 13, column 6');
  const likeliest = figure.getByRole('list', { name: 'Likeliest next colours' }).getByRole('listitem');
  expect((await likeliest.allInnerTexts()).map((text) => /[\d.]+ %/.exec(text)?.[0])).toEqual(told);

  const attention = picture(figure, /^Where head 1 of layer/);
  const before = await coloursOf(attention);
  await figure.getByRole('slider', { name: 'Layer' }).press('Home');
  await expect(figure.getByRole('img', { name: 'Where head 1 of layer 1 looked' })).toBeVisible();
  await expect.poll(async () => (await coloursOf(attention)).join()).not.toBe(before.join());
  await expect(figure.getByText(/more than to any other pixel\.$/)).toBeVisible();
});

test('a drawing that is changed is read anew', async ({ complete, page }) => {
  await complete.openQuickly();
  await page.getByRole('tab', { name: 'About' }).click();
  const whole = picture(page, 'Your drawing, completed by the model');
  await expect(whole).toBeVisible({ timeout: 30_000 });
  const before = await coloursOf(whole);
  await page.getByRole('button', { name: 'Change the drawing' }).click();
  await expect(complete.drawing).toBeVisible();
  await page.getByRole('button', { name: 'Example: Fire engine' }).click();
  await complete.completed();
  await page.getByRole('tab', { name: 'About' }).click();
  await expect.poll(async () => (await coloursOf(whole)).join()).not.toBe(before.join());
});

test("the probe curves of the page's own models stand beside the published one", async ({ page }) => {
  await page.goto('/#about');
  const chart = page.getByRole('figure', { name: 'Accuracy of a linear probe on CIFAR-10, by depth' });
  for (const line of [
    'iGPT-L, published',
    'igpt-cifar-32-small',
    'igpt-cifar-32',
    'igpt-cifar-16',
    'Untrained',
    'Raw pixels',
  ]) {
    await expect(
      chart
        .getByRole('rowheader', { name: line })
        .or(chart.getByText(line, { exact: true }))
        .first(),
    ).toBeVisible();
  }
  const own = page.getByRole('table', { name: 'This page’s models on CIFAR-10 by layer, in percent' });
  await expect(own.getByRole('row', { name: /^igpt-cifar-32-small \d/ })).toContainText('77.6');
  await expect(own.getByRole('row', { name: /^igpt-cifar-32 \d/ })).toContainText('66.0');
});
