/** A browser that keeps nothing, as private windows and blocked cookies have it: everything works until the page is left, and it says so. */
import type { Page } from '@playwright/test';
import { CompletePage, expect } from './complete-page.ts';
import { beforeWorker } from './faults.ts';
import { fixture } from './model-files.ts';
import { cifar } from './probe-page.ts';
import { SHORT, test } from './run-page.ts';
import { TrainPage } from './train-page.ts';

/** Each way into storage throws or rejects, as browsers do it; runs in the page and in its workers. */
function refuseStorage(): void {
  const denied = () => new DOMException('The operation is insecure.', 'SecurityError');
  const refuse = () => {
    throw denied();
  };
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
    if (name in globalThis) Object.defineProperty(globalThis, name, { configurable: true, get: refuse });
  }
  StorageManager.prototype.getDirectory = () => Promise.reject(denied());
  StorageManager.prototype.estimate = () => Promise.reject(denied());
  if ('persist' in StorageManager.prototype) StorageManager.prototype.persist = () => Promise.reject(denied());
}

async function withoutStorage(page: Page): Promise<void> {
  await page.addInitScript(refuseStorage);
  await beforeWorker(page, refuseStorage);
}

test('the page completes, takes a model of one’s own, and changes its theme', async ({ page }) => {
  await withoutStorage(page);
  const complete = new CompletePage(page);
  await complete.openQuickly();
  await page.getByRole('button', { name: /^Theme:/ }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.keyboard.press('Escape');
  await complete.openModel(fixture('bf16-1x40x2'));
  await expect(complete.model).toHaveAccessibleName(/8 × 8$/);
  await complete.model.click();
  await expect(page.getByText(/and this browser keeps nothing for this page\.$/)).toBeVisible();
  await page.keyboard.press('Escape');
  await complete.hide('Top half');
  await complete.run();
  await expect(complete.notices).toBeEmpty();
});

test('data are read and a run trains, in memory; both say that they go with the page', async ({ page, runs }) => {
  test.setTimeout(180_000);
  await withoutStorage(page);
  await runs.open('backend=wasm');
  const train = new TrainPage(page);
  await train.pick(await cifar(200, 100));
  await expect(train.list).toHaveCount(1);
  await expect(train.data.getByText(/^This browser keeps nothing for this page: what you add/)).toBeVisible();
  await expect(runs.all.getByText(/^This browser keeps nothing for this page: export a run/)).toBeVisible();
  await runs.write({ ...SHORT, Steps: 40 });
  await runs.setup.getByRole('button', { name: 'Start training' }).click();
  await expect(runs.pause).toBeVisible({ timeout: 60_000 });
  await runs.reaches(3);
  await runs.pauseIt();
  await runs.stop.click();
  await expect(runs.all.getByText(/^saved at step/)).toBeVisible();
  await runs.goOn.click();
  await expect(runs.all.getByText(/^done at step 40/)).toBeVisible({ timeout: 60_000 });
  await expect(runs.notices).toBeEmpty();

  await page.reload();
  await expect(train.button('Choose files')).toBeEnabled();
  await expect(train.list).toHaveCount(0);
});
