/** The worker dies in Probe or while data are read, or dies at every start: what was there stays, and no start is tried for ever. */
import type { Page } from '@playwright/test';
import { CompletePage, expect } from './complete-page.ts';
import { beforeWorker } from './faults.ts';
import { ProbePage } from './probe-page.ts';
import { test } from './run-page.ts';
import { TrainPage } from './train-page.ts';

test.use({ allowedComplaints: /killed/ });

const AGAIN = /has failed: .*killed\. The model is being started again\.$/;

/** Ends the worker as a crash would. */
const kill = (page: Page) =>
  page
    .workers()
    .at(-1)!
    .evaluate(() => {
      setTimeout(() => {
        throw new Error('killed');
      });
    });

test('in a probe the layers that have come stay, and it can be started again', async ({ page }) => {
  test.setTimeout(180_000);
  const probe = new ProbePage(page);
  await probe.openTiny(400, 100);
  await probe.start.click();
  await expect.poll(() => probe.layers(), { timeout: 60_000, intervals: [20] }).toBeGreaterThanOrEqual(2);
  const had = await probe.layers();
  await kill(page);
  await expect(probe.notices.getByText(AGAIN)).toBeVisible();
  await expect(probe.start).toBeEnabled({ timeout: 60_000 });
  expect(await probe.layers()).toBeGreaterThanOrEqual(had);
  await expect(probe.progress).toBeHidden();
  await probe.start.click();
  await probe.ends();
  expect(await probe.layers()).toBe(3);
  await expect(probe.notices.getByRole('button', { name: 'Dismiss' })).toHaveCount(1);
});

test('while data are read nothing of them stays, and they can be added again', async ({ page }) => {
  test.setTimeout(180_000);
  const train = new TrainPage(page);
  await train.open();
  await expect(page.getByRole('button', { name: 'Device: WebAssembly' })).toBeVisible({ timeout: 30_000 });
  await train.button(/^10,000 of CIFAR-10/).click();
  await expect(train.reading).toHaveAttribute('aria-valuetext', /^\d.* of 30\.7 MB$/);
  await kill(page);
  await expect(train.notices.getByText(AGAIN)).toBeVisible();
  await expect(train.reading).toBeHidden();
  await expect(train.button(/^10,000 of CIFAR-10/)).toBeEnabled({ timeout: 60_000 });
  await expect(train.list).toHaveCount(0);
  await train.button(/^10,000 of CIFAR-10/).click();
  await expect(train.list).toHaveCount(1, { timeout: 60_000 });
  // What the first attempt had written is gone: the second one's folder stands alone.
  const folders = await page.evaluate(async () => {
    const names: string[] = [];
    const root = await navigator.storage.getDirectory();
    for (const place of ['datasets', 'datasets-aside']) {
      const folder = await root.getDirectoryHandle(place);
      for await (const name of folder.keys()) names.push(`${place}/${name}`);
    }
    return names;
  });
  expect(folders).toHaveLength(1);
});

test('a worker that dies at its very start stays down, with a sentence and a button', async ({ page }) => {
  let workers = 0;
  page.on('worker', () => workers++);
  await beforeWorker(page, () => {
    throw new Error('killed');
  });
  const complete = new CompletePage(page);
  await complete.open('n=1');
  await expect(complete.notice(/has failed: .*killed\.$/)).toBeVisible();
  await expect(complete.device).toHaveAccessibleName('Device: Not running');
  await expect(complete.start).toBeDisabled();
  expect(workers).toBe(1);
  await page.unrouteAll();
  await complete.notices.getByRole('button', { name: 'Try again' }).click();
  await complete.completed();
  await expect(complete.notices).toBeEmpty();
});

test('workers that die one after the other soon after their start are not started for ever', async ({ page }) => {
  let workers = 0;
  page.on('worker', () => workers++);
  await beforeWorker(page, () => {
    setTimeout(() => {
      throw new Error('killed');
    }, 3000);
  });
  const complete = new CompletePage(page);
  await complete.open('n=1');
  await expect(complete.notice(/killed\. This has happened 4 times in a row\.$/)).toBeVisible({ timeout: 90_000 });
  await expect(complete.device).toHaveAccessibleName('Device: Not running');
  expect(workers).toBe(4);
  await page.unrouteAll();
  await complete.notices.getByRole('button', { name: 'Try again' }).click();
  await expect(complete.start).toBeEnabled({ timeout: 60_000 });
  await complete.run();
  expect(workers).toBe(5);
});
