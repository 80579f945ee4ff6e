/** A newcomer's first minute: what to do next is in sight in each workspace, and one click does it. */
import { expect, test } from './complete-page.ts';
import { ProbePage } from './probe-page.ts';
import { RunPage } from './run-page.ts';

test('Complete says what can be done, and says it no more once something is done', async ({ complete, page }) => {
  await complete.openCompleted('n=1');
  const step = page.getByText('Draw here or take another picture, then complete.');
  await expect(step).toBeVisible();
  const before = await complete.start.boundingBox();
  await complete.stroke({ x: 3, y: 3 });
  await expect(step).toBeHidden();
  expect(await complete.start.boundingBox()).toEqual(before);
});

test('Train begins with one click, and hands what it has learnt to Complete with another', async ({ page }) => {
  test.setTimeout(240_000);
  const runs = new RunPage(page);
  await runs.open();
  await expect(runs.run.getByText(/^Nothing is being trained\./)).toBeVisible();
  await runs.startOnBundled();
  await runs.reaches(1);
  await runs.run.getByRole('button', { name: 'Use in Complete' }).click();
  await expect(page.getByRole('tab', { name: 'Complete' })).toHaveAttribute('aria-selected', 'true', {
    timeout: 60_000,
  });
  await expect(page.getByRole('button', { name: 'Model: nano on CIFAR-10' })).toBeVisible();
});

test('Probe tells with one click which layer of the shipped model knows most', async ({ page }) => {
  test.setTimeout(240_000);
  const probe = new ProbePage(page);
  await probe.open();
  // What a visitor's click takes on a processor lasts a minute and a half.
  for (const [name, usual, few] of [
    ['Training pictures', '1000', '200'],
    ['Test pictures', '500', '100'],
  ]) {
    const field = probe.setup.getByRole('textbox', { name });
    await expect(field).toHaveValue(usual);
    await field.fill(few);
  }
  await probe.result.getByRole('button', { name: /^Probe on CIFAR-10/ }).click();
  await expect(probe.chart).toBeVisible({ timeout: 60_000 });
  await probe.ends();
  const [layer, accuracy] = await probe.best('CIFAR-10, 16 × 16');
  // Neither the first nor the last: so it is in the paper, and in the model's card.
  expect(Number(layer)).toBeGreaterThan(0);
  expect(Number.parseFloat(accuracy)).toBeGreaterThan(30);
});

test('a workspace that is opened by mouse has no ring of the keyboard around its name, one reached by key has', async ({
  page,
}) => {
  await page.goto('/');
  const ringed = (name: string) =>
    page.getByRole('tab', { name }).evaluate((tab) => getComputedStyle(tab).outlineStyle !== 'none');
  await page.getByRole('tab', { name: 'About' }).click();
  expect(await ringed('About')).toBe(false);
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('tab', { name: 'Probe' })).toBeFocused();
  expect(await ringed('Probe')).toBe(true);
});
