/** Which of the page's models opens by itself, and what a link says of it. */
import type { Page } from '@playwright/test';
import { CompletePage, expect, test } from './complete-page.ts';

const SMALL = 'Model: CIFAR-10, 16 × 16';
const LARGE = 'Model: CIFAR-10, 32 × 32';

/** The page finds a graphics card; the worker goes on with what there is. */
const giveGraphicsCard = (page: Page, isFallbackAdapter = false) =>
  page.addInitScript((isFallbackAdapter) => {
    if (!navigator.gpu) throw new Error('This test needs a page with WebGPU.');
    navigator.gpu.requestAdapter = async () => ({ info: { isFallbackAdapter } }) as GPUAdapter;
  }, isFallbackAdapter);

const address = (page: Page) => page.evaluate(() => location.hash);

test('a graphics card gets the larger model, with its own examples from the first moment, and links name it', async ({
  complete,
  page,
}) => {
  await giveGraphicsCard(page);
  await complete.page.goto('/');
  await expect(complete.model).toHaveAccessibleName(LARGE);
  await expect(complete.drawing).toHaveAccessibleName(/32 by 32 pixels$/);
  await expect(complete.page.getByText(/^Made (earlier by the same model|on this device)$/)).toBeVisible();
  await expect.poll(() => address(page), { timeout: 60_000 }).toContain('m=igpt-cifar-32');

  // The choice of the small one is kept too, though it is what a link means that names none.
  await complete.model.click();
  await page.getByRole('listitem').getByRole('button', { name: 'CIFAR-10, 16 × 16' }).click();
  await expect(complete.model).toHaveAccessibleName(SMALL, { timeout: 60_000 });
  await expect.poll(() => address(page)).toContain('m=igpt-cifar-16');
});

test('an adapter that is software, and a phone, get the small model', async ({ complete, browser, page }) => {
  await giveGraphicsCard(page, true);
  await page.goto('/');
  await expect(complete.model).toHaveAccessibleName(SMALL);
  await expect(complete.drawing).toHaveAccessibleName(/16 by 16 pixels$/);

  const pocket = await browser.newContext({
    viewport: { width: 390, height: 844 },
    screen: { width: 390, height: 844 },
  });
  const phone = new CompletePage(await pocket.newPage());
  await giveGraphicsCard(phone.page);
  await phone.page.goto('/');
  await expect(phone.model).toHaveAccessibleName(SMALL);
  await expect(phone.drawing).toHaveAccessibleName(/16 by 16 pixels$/);
  await pocket.close();
});

test('a link without a model means the small one everywhere', async ({ complete, page }) => {
  await giveGraphicsCard(page);
  await complete.open('n=1&seed=5');
  await expect(complete.model).toHaveAccessibleName(SMALL);
});

test('an example that is open goes over to the model that is chosen, in its own pixels', async ({ complete, page }) => {
  await complete.openQuickly();
  await page.getByRole('button', { name: 'Example: Sunset' }).click();
  await complete.completed();
  await complete.model.click();
  await page.getByRole('listitem').getByRole('button', { name: 'CIFAR-10, 32 × 32' }).click();
  await expect(complete.drawing).toHaveAccessibleName(/32 by 32 pixels$/, { timeout: 60_000 });
  await expect(page.getByRole('button', { name: 'Example: Sunset' })).toHaveAttribute('aria-pressed', 'true');
  // In blocks of 2 × 2 it would have as many colours as before.
  const rows = (await complete.drawn()).slice(0, 512);
  expect(rows.some((colour, i) => i % 2 === 0 && colour !== rows[i + 1])).toBe(true);
});
