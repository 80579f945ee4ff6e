/**
 * No room in the browser's storage for a run, a copy, a name or a setting: a sentence says so, what was there stands, and the page goes
 * on. Data sets and models have it in datasets.spec.ts and model-travel.spec.ts, a run that is under way in training-faults.spec.ts.
 */
import type { Page } from '@playwright/test';
import { cifar } from './probe-page.ts';
import { expect, SHORT, SHORT_NAME, test } from './run-page.ts';
import { TrainPage } from './train-page.ts';

/** From now on the page may use so many bytes; any number unless given. It holds as long as the session does. */
async function limitStorage(page: Page, quotaSize?: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize });
}

const NO_ROOM = /^There is no room for this run in the browser's storage: delete a run or a data set/;

test('a run that cannot be begun or copied leaves nothing, and what there is keeps its name', async ({
  runs,
  page,
}) => {
  test.setTimeout(180_000);
  await runs.open('backend=wasm');
  const train = new TrainPage(page);
  await train.pick(await cifar(200, 100));
  await expect(train.swatches(512)).toBeVisible({ timeout: 60_000 });
  await runs.write({ ...SHORT, Steps: 40 });
  const start = runs.setup.getByRole('button', { name: 'Start training' });
  await limitStorage(page, 1000);
  await start.click();
  await expect(runs.notices.getByText(NO_ROOM)).toBeVisible({ timeout: 60_000 });
  await expect(runs.all.getByText('No run is kept in this browser yet.')).toBeVisible();
  await runs.notices.getByRole('button', { name: 'Dismiss' }).click();

  await limitStorage(page);
  await start.click();
  const name = SHORT_NAME.replace('CIFAR-10', await train.name.inputValue());
  await expect(runs.all.getByText(/^done at step 40/)).toBeVisible({ timeout: 60_000 });
  await limitStorage(page, 1000);
  await runs.act(name, 'Duplicate');
  await expect(runs.notices.getByText(NO_ROOM)).toBeVisible();
  await expect(runs.all.getByRole('listitem')).toHaveCount(1);
  await runs.act(name, 'Rename');
  await page.getByRole('textbox', { name: 'Name of the run' }).last().fill('Another');
  await page.keyboard.press('Enter');
  await expect(runs.notices.getByText(NO_ROOM)).toBeVisible();
  await expect(runs.all.getByRole('button', { name, exact: true })).toBeVisible();

  const before = await train.name.inputValue();
  await train.name.fill('Another');
  await page.keyboard.press('Enter');
  await expect(runs.notices.getByText(/^There is no room for this data set/)).toBeVisible();
  await limitStorage(page);
  await page.reload();
  await expect(train.name).toHaveValue(before);
  await expect(runs.all.getByRole('button', { name, exact: true })).toBeVisible();
});

test('a theme that cannot be remembered is shown all the same', async ({ page }) => {
  await page.goto('/#about');
  await page.evaluate(() => {
    let size = 1 << 20;
    for (let key = 0; size >= 1; key++) {
      try {
        localStorage.setItem(String(key), 'x'.repeat(size));
      } catch {
        size >>= 1;
      }
    }
  });
  await page.getByRole('button', { name: /^Theme:/ }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
