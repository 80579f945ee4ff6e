/** The model on its way: slow, cut off, damaged. The page can be used meanwhile, says what happened, and gets it in the end. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect } from './complete-page.ts';
import { test } from './slow-host.ts';

const WEIGHTS = '**/igpt-cifar-16/model.safetensors';

/** Changes one bit of the weights, as long as `times` says; counts how often they were asked for. */
async function damage(page: Page, times: number): Promise<{ asked: number }> {
  const weights = readFileSync(new URL('../public/models/igpt-cifar-16/model.safetensors', import.meta.url));
  const seen = { asked: 0 };
  await page.route(WEIGHTS, (route) => {
    const body = Buffer.from(weights);
    if (seen.asked++ < times) body[body.length >> 1] ^= 0x40;
    return route.fulfill({ contentType: 'application/octet-stream', body });
  });
  return seen;
}

const percent = (page: Page) => page.getByText(/^Loading the model: .*, \d+ %$/);

test('a slow line moves the progress on and on, and the page can be drawn on meanwhile', async ({
  complete,
  slowHost,
}) => {
  const { page } = complete;
  slowHost.send(0.1);
  await complete.open('n=1');
  await expect(page.getByText(/^Loading the model: .* of 3\.\d MB, (9|10|11) %$/)).toBeVisible();
  const before = await complete.drawn();
  for (const share of [0.2, 0.45, 0.7, 0.99]) {
    slowHost.send(share);
    const told = Math.round(100 * share);
    await expect(percent(page)).toHaveText(new RegExp(`, (${told - 1}|${told}|${told + 1}) %$`));
  }
  await complete.stroke({ x: 2, y: 2 }, { x: 9, y: 2 });
  expect(await complete.drawn()).not.toEqual(before);
  await page.getByRole('tab', { name: 'About' }).click();
  await expect(page.getByRole('heading', { name: 'Published numbers' })).toBeVisible();
  await page.getByRole('tab', { name: 'Complete' }).click();
  slowHost.release();
  await complete.run();
});

test.describe('a download that breaks off', () => {
  test.use({ allowedComplaints: /Failed to load resource: net::ERR_(INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH)/ });

  test('is told in a sentence, and can be tried again where it stands', async ({ complete, slowHost }) => {
    await complete.open('n=1');
    await expect(percent(complete.page)).toHaveText(/50 %$/);
    slowHost.cut();
    await expect(complete.notice(/^The download of .*model\.safetensors broke off: try again\.$/)).toBeVisible();
    slowHost.release();
    await complete.notices.getByRole('button', { name: 'Try again' }).click();
    await complete.completed();
    await expect(complete.notices).toBeEmpty();
  });
});

test('a model with one changed bit is fetched anew, and nobody need know', async ({ complete, slowHost }) => {
  slowHost.release();
  const seen = await damage(complete.page, 1);
  await complete.openCompleted('n=1');
  expect(seen.asked).toBe(2);
  await expect(complete.notices).toBeEmpty();
});

test('a model that arrives damaged again and again is refused, until it arrives whole', async ({
  complete,
  slowHost,
}) => {
  slowHost.release();
  const seen = await damage(complete.page, 2);
  await complete.open('n=1');
  await expect(
    complete.notice(/^The model file .*model\.safetensors arrived damaged: try again, or reload the page\.$/),
  ).toBeVisible();
  await expect(complete.start).toBeDisabled();
  expect(seen.asked).toBe(2);
  await complete.notices.getByRole('button', { name: 'Try again' }).click();
  await complete.completed();
  expect(seen.asked).toBe(3);
});
