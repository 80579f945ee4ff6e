/** A run from its data to its end without a mouse, and never a moment in which the keyboard stands nowhere. */
import type { Locator, Page } from '@playwright/test';
import { CompletePage } from './complete-page.ts';
import { press, tabTo, walkTo } from './keys.ts';
import { expect, SHORT_NAME, test } from './run-page.ts';

/** Something has the focus, and shows it. */
async function stands(page: Page, where?: Locator): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => document.activeElement !== document.body), { timeout: 30_000 })
    .toBe(true);
  if (where) await expect(where).toBeFocused();
  const ring = await page.evaluate(() => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement!);
    return { outline: outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth), boxShadow };
  });
  expect(ring.outline >= 2 || ring.boxShadow !== 'none', `ring: ${JSON.stringify(ring)}`).toBe(true);
}

async function write(page: Page, field: Locator, value: string): Promise<void> {
  await tabTo(page, field);
  await press(page, 'Control+a');
  await page.keyboard.type(value);
}

async function act(page: Page, runs: { all: Locator }, name: string, action: string): Promise<void> {
  await tabTo(page, runs.all.getByRole('button', { name: `Actions for ${name}`, exact: true }));
  await press(page, 'Enter');
  await walkTo(page, 'ArrowDown', page.getByRole('menuitem', { name: action, exact: true }));
  await press(page, 'Enter');
}

test('a run is started, paused, stepped, taken up, renamed, exported, used and deleted without a mouse', async ({
  runs,
  page,
}) => {
  test.setTimeout(400_000);
  await page.goto('/');
  await tabTo(page, page.getByRole('tab', { name: 'Complete' }));
  await press(page, 'ArrowRight');
  const field = (name: string) => runs.setup.getByRole('textbox', { name, exact: true });
  for (const [name, value] of [
    ['Layers', '1'],
    ['Width', '32'],
    ['Heads', '1'],
    ['Steps', '100000'],
    ['Pictures a step', '8'],
  ]) {
    await write(page, field(name), value);
  }
  await tabTo(page, runs.setup.getByRole('button', { name: 'Recipe' }));
  await stands(page);
  await press(page, 'Enter');
  for (const [name, value] of [
    ['Judge every', '10'],
    ['Pictures to judge by', '16'],
    ['Save every', '10'],
  ]) {
    await write(page, field(name), value);
  }

  // Started where nothing is trained yet: the button goes, and what steers the run stands in its place.
  await tabTo(page, runs.run.getByRole('button', { name: /^Train on CIFAR-10/ }));
  await press(page, 'Enter');
  await expect(runs.pause).toBeVisible({ timeout: 120_000 });
  await stands(page, runs.pause);
  await runs.reaches(10);
  await press(page, 'Enter');
  await expect(runs.goOn).toBeEnabled({ timeout: 60_000 });
  await stands(page, runs.goOn);

  const paused = await runs.step();
  await tabTo(page, runs.oneStep);
  for (const step of [1, 2]) {
    await press(page, 'Enter');
    await expect.poll(() => runs.step()).toBe(paused + step);
    await expect(runs.oneStep).toBeEnabled();
    await stands(page, runs.oneStep);
  }
  await walkTo(page, 'Shift+Tab', runs.goOn);
  await press(page, 'Enter');
  await runs.reaches(paused + 5);
  await stands(page, runs.pause);

  await tabTo(page, runs.run.getByRole('button', { name: /^Learning rate/ }));
  await press(page, 'Enter');
  const rate = page.getByRole('textbox', { name: 'Peak learning rate' });
  await expect(rate).toBeFocused();
  await press(page, 'Escape');
  await stands(page, runs.run.getByRole('button', { name: /^Learning rate/ }));

  await walkTo(page, 'Shift+Tab', runs.stop);
  await press(page, 'Enter');
  await expect(runs.all.getByText(/^saved at step/)).toBeVisible({ timeout: 60_000 });
  await stands(page);

  await act(page, runs, SHORT_NAME, 'Rename');
  const name = runs.all.getByRole('textbox', { name: 'Name of the run' });
  await stands(page, name);
  await press(page, 'Control+a');
  await page.keyboard.type('Mine');
  await press(page, 'Enter');
  await expect(runs.all.getByRole('button', { name: 'Mine', exact: true })).toBeVisible();
  await stands(page);

  const archive = page.waitForEvent('download');
  await act(page, runs, 'Mine', 'Export the run');
  expect((await archive).suggestedFilename()).toBe('mine-run.zip');
  await stands(page, runs.all.getByRole('button', { name: 'Actions for Mine' }));

  await act(page, runs, 'Mine', 'Use in Complete');
  const complete = new CompletePage(page);
  await expect(complete.model).toHaveAccessibleName('Model: Mine', { timeout: 60_000 });
  await expect(page.getByRole('tab', { name: 'Complete' })).toHaveAttribute('aria-selected', 'true');
  await stands(page);
  await tabTo(page, page.getByRole('tab', { name: 'Complete' }));
  await press(page, 'ArrowRight');

  await act(page, runs, 'Mine', 'Delete');
  const keep = runs.all.getByRole('button', { name: 'Keep' });
  await stands(page, keep);
  await press(page, 'Escape');
  await expect(keep).toBeHidden();
  await stands(page);
  await act(page, runs, 'Mine', 'Delete');
  await stands(page, keep);
  await press(page, 'Shift+Tab');
  await press(page, 'Enter');
  await expect(runs.all.getByText('No run is kept in this browser yet.')).toBeVisible();
  await stands(page, runs.all.getByRole('button', { name: 'Import a run' }));
});
