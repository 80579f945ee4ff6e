/** Nobody is shut out: the accessibility rules hold in every state of the page, light and dark, narrow and wide. */

import type { Page } from '@playwright/test';
import { expect, test } from './complete-page.ts';
import { axe, settled } from './helpers.ts';
import { fixture } from './model-files.ts';
import { ModelsPanel } from './models-panel.ts';
import { records } from './pictures.ts';
import { ProbePage } from './probe-page.ts';
import { RunPage, SHORT, SHORT_NAME } from './run-page.ts';
import { TrainPage } from './train-page.ts';

// Colours that are still on their way to those of the other theme would be judged.
test.use({ contextOptions: { reducedMotion: 'reduce' }, viewport: { width: 360, height: 900 } });

/**
 * Holds the page as it stands to the rules: in light at both widths, and what colours can break in dark too, where the other
 * theme changes nothing but colours. Leaves it narrow, where what comes next is hardest to reach.
 */
async function everyLook(page: Page): Promise<void> {
  const looks = [
    { width: 1440, colorScheme: 'light', rules: 'all' },
    { width: 360, colorScheme: 'dark', rules: 'of colour' },
    { width: 360, colorScheme: 'light', rules: 'all' },
  ] as const;
  for (const { width, colorScheme, rules } of looks) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
    await settled(page);
    await test.step(`${colorScheme}, ${width} pixels wide`, () => axe(page, rules));
  }
}

test('no state of Complete breaks an accessibility rule', async ({ complete, page }) => {
  test.slow();
  await test.step('while the model is on its way', async () => {
    await page.route('**/model.safetensors', () => {});
    await complete.open('n=2');
    await expect(page.getByText('Made earlier by the same model')).toBeVisible();
    await everyLook(page);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.reload();
  });
  await test.step('after a completion, settings unfolded', async () => {
    await complete.completed();
    await complete.showMoreSettings();
    await expect(page.getByRole('switch', { name: 'Look-ahead' })).toBeVisible();
    await everyLook(page);
  });
  await test.step('with a pixel under the lens', async () => {
    await complete.card(2).focus();
    await page.keyboard.press('ArrowRight');
    for (const view of ['Attention', 'Surprise']) {
      await complete.choose(view);
      await everyLook(page);
    }
  });
  for (const name of [/^Completion 1: use/, /^Hide a part/, /^Theme:/]) {
    await test.step(`with the menu of ${name}`, async () => {
      await page.getByRole('button', { name }).click();
      await expect(page.getByRole('menu')).toBeVisible();
      await everyLook(page);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('menu')).toBeHidden();
    });
  }
  await test.step('with the models', async () => {
    await new ModelsPanel(page).show();
    await everyLook(page);
    await page.keyboard.press('Escape');
  });
  await test.step('with the palette', async () => {
    await page.getByRole('button', { name: /Show all colours$/ }).click();
    await expect(page.getByRole('listbox', { name: 'Colours' })).toBeVisible();
    await everyLook(page);
    await page.keyboard.press('Escape');
  });
  await test.step('with the device panel', async () => {
    await complete.device.click();
    await expect(page.getByRole('dialog', { name: 'Device' })).toBeVisible();
    await everyLook(page);
    await page.keyboard.press('Escape');
  });
  await test.step('with a notice', async () => {
    await complete.pick(1, 'Use this one');
    await complete.start.click();
    await expect(complete.notice('Every pixel is drawn already.')).toBeVisible();
    await everyLook(page);
  });
});

test('no state of Train breaks an accessibility rule', async ({ page }) => {
  const train = new TrainPage(page);
  await test.step('without data', async () => {
    await train.open();
    await everyLook(page);
  });
  await test.step('with a data set, under the palette of the model', async () => {
    await train.pick({ 'data_batch_1.bin': records(40), 'test_batch.bin': records(20) });
    await expect(train.sheet(60)).toBeVisible();
    await train.decibels();
    await everyLook(page);
  });
  await test.step('with a palette of its own', async () => {
    await train.palette('Fitted to the data').click();
    await train.fitPalette();
    await train.decibels();
    await everyLook(page);
  });
  await test.step('asked whether to delete, and told what cannot be read', async () => {
    await train.button('Delete').click();
    await train.pick({ 'empty.bin': new Uint8Array() });
    await expect(train.notices.getByText('empty.bin is empty')).toBeVisible();
    await everyLook(page);
  });
  await test.step('while data is read', async () => {
    await page.route('**/cifar10/data_batch_1.bin', () => {});
    await train.button(/^10,000 of CIFAR-10/).click();
    await expect(train.reading).toBeVisible();
    await everyLook(page);
    await train.button('Cancel').click();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });
});

test('no state of a run breaks an accessibility rule', async ({ page }) => {
  test.setTimeout(240_000);
  const runs = new RunPage(page);
  await runs.open();
  await runs.write({ ...SHORT, Steps: 100_000, 'Judge every': 5, 'Draw every': 5 });
  await runs.startOnBundled();
  await test.step('while it is trained', async () => {
    await runs.reaches(12);
    await expect(runs.run.getByRole('slider', { name: 'Drawn at step' })).toBeVisible({ timeout: 60_000 });
    await everyLook(page);
  });
  await runs.pauseIt();
  await test.step('with the learning rate', async () => {
    await runs.run.getByRole('button', { name: /^Learning rate/ }).click();
    await expect(page.getByRole('dialog', { name: 'Learning rate' })).toBeVisible();
    await everyLook(page);
    await page.keyboard.press('Escape');
  });
  await test.step('with the menu of a chart, which all have', async () => {
    await runs.run
      .getByRole('button', { name: /^Save the chart/ })
      .first()
      .click();
    await expect(page.getByRole('menu')).toBeVisible();
    await everyLook(page);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu')).toBeHidden();
  });
  await test.step('with the fields of fine-tuning', async () => {
    await runs.setup.getByLabel('Start from').selectOption('current');
    await runs.setup.getByRole('switch', { name: 'Learn the classes too' }).click();
    await expect(runs.setup.getByRole('textbox', { name: 'Pixels count, beside classes' })).toBeVisible();
    await everyLook(page);
  });
  await runs.stop.click();
  await expect(runs.all.getByText(/^saved at step/)).toBeVisible({ timeout: 60_000 });
  await test.step('with its menu, two runs compared', async () => {
    await runs.act(SHORT_NAME, 'Duplicate');
    await runs.all.getByRole('checkbox', { name: 'Compare' }).first().click();
    await expect(runs.run.getByText(/held-out$/)).toBeVisible();
    await runs.all
      .getByRole('button', { name: /^Actions for/ })
      .first()
      .click();
    await expect(page.getByRole('menu')).toBeVisible();
    await everyLook(page);
    await page.keyboard.press('Escape');
  });
  for (const question of ['Rename', 'Delete']) {
    await test.step(`asked to ${question}`, async () => {
      await runs.act(SHORT_NAME, question);
      await everyLook(page);
      await page.keyboard.press('Escape');
    });
  }
});

test('no state of models of one’s own breaks an accessibility rule', async ({ complete, page }) => {
  await complete.openQuickly();
  const panel = new ModelsPanel(page);
  await complete.openModel(fixture('f16-2x32x4'));
  await expect(complete.model).toHaveAccessibleName(/8 × 8$/);
  await panel.show();
  await everyLook(page);
  for (const question of ['Rename', 'Delete']) {
    await panel.act('2 layers, width 32', question);
    await everyLook(page);
    await page.keyboard.press('Escape');
    if (!(await panel.button('Open files').isVisible())) await panel.show();
  }
});

test('no state of Probe breaks an accessibility rule', async ({ page }) => {
  test.slow();
  const probe = new ProbePage(page);
  await test.step('before anything is probed', async () => {
    await probe.openTiny(120, 60);
    await everyLook(page);
  });
  await test.step('while it is probed', async () => {
    await probe.choice('Labels to learn from', '40').click();
    await probe.start.click();
    await expect(probe.progress).toBeVisible();
    await everyLook(page);
  });
  await test.step('with all layers, in every view', async () => {
    await probe.ends();
    for (const view of ['Against loss', 'By labels', 'By layer'] as const) {
      await probe.view(view).click();
      await everyLook(page);
    }
  });
  await test.step('with the menu of the chart', async () => {
    await probe.result.getByRole('button', { name: /^Save the chart/ }).click();
    await expect(page.getByRole('menu')).toBeVisible();
    await everyLook(page);
  });
});

test('About breaks no accessibility rule', async ({ page }) => {
  await page.goto('/#about');
  await expect(page.getByRole('heading', { name: 'What Image GPT is' })).toBeVisible();
  await expect(page.getByRole('slider', { name: 'Pixel' })).toBeVisible({ timeout: 60_000 });
  await everyLook(page);
  await page.getByRole('button', { name: 'Benchmark this device' }).click();
  await expect(page.getByRole('button', { name: 'Measuring…' })).toBeVisible();
  await everyLook(page);
  await expect(page.getByRole('button', { name: 'Copy the figures' })).toBeVisible({ timeout: 90_000 });
  await everyLook(page);
});
