/** The page holds still and fits: no shifting while things load, no scrolling sideways, no motion for those who want none. */

import type { Page } from '@playwright/test';
import { expect, test } from './complete-page.ts';
import { fixture } from './model-files.ts';
import { records } from './pictures.ts';
import { ProbePage } from './probe-page.ts';
import { TrainPage } from './train-page.ts';

/** At no usual width the page scrolls sideways, or has a button cut off on the side that no scrolling reaches. */
async function expectToFitEverywhere(page: Page): Promise<void> {
  for (const width of [360, 768, 1024, 1440, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    const { scrolled, leftmost } = await page.evaluate(() => {
      scrollTo({ left: 9999, behavior: 'instant' });
      const lefts = [...document.querySelectorAll('button')].map((button) => button.getBoundingClientRect().left);
      return { scrolled: scrollX, leftmost: Math.min(...lefts) };
    });
    expect(scrolled, `pixels that can be scrolled sideways at ${width}`).toBe(0);
    expect(leftmost, `where the leftmost button begins at ${width}`).toBeGreaterThanOrEqual(0);
  }
}

test('nothing sticks out sideways from phone to large screen', async ({ complete, page }) => {
  await complete.openCompleted('n=3');
  await complete.showMoreSettings();
  for (const view of ['Picture', 'Attention']) {
    await complete.choose(view);
    await expectToFitEverywhere(page);
  }
  // Its name is longer.
  await complete.openModel(fixture('no-bias-3x24x3'));
  await expect(complete.model).toHaveAccessibleName(/width 24/);
  await expectToFitEverywhere(page);
  await page.getByRole('tab', { name: 'About' }).click();
  await expect(page.getByRole('heading', { name: 'What Image GPT is' })).toBeVisible();
  await expectToFitEverywhere(page);
  const train = new TrainPage(page);
  await page.getByRole('tab', { name: 'Train' }).click();
  await expect(train.button('Choose files')).toBeEnabled();
  await expectToFitEverywhere(page);
  await train.pick({ [`${'A long name '.repeat(6)}.bin`]: records(30) });
  await expect(train.sheet(30)).toBeVisible();
  await train.palette('Fitted to the data').click();
  await train.fitPalette();
  await expectToFitEverywhere(page);
});

declare global {
  interface Window {
    shifts: { value: number; what: string }[];
    /** Elements that began to move. */
    motions: string[];
  }
}

/** Keeps an account of what moves from the next navigation on. */
async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        sources: { node: Node | null }[];
      })[]) {
        const what = entry.sources.map(({ node }) => (node as Element | null)?.outerHTML?.slice(0, 80)).join(' | ');
        window.shifts.push({ value: entry.value, what });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

async function expectNoShifts(page: Page): Promise<void> {
  const shifts = await page.evaluate(() => window.shifts);
  const total = shifts.reduce((sum, { value }) => sum + value, 0);
  expect(total, shifts.map(({ value, what }) => `${value.toFixed(4)} ${what}`).join('\n')).toBeLessThan(0.02);
}

for (const width of [360, 1024, 1440]) {
  test(`nothing jumps while the page loads and completes, ${width} pixels wide`, async ({ complete, page }) => {
    await page.setViewportSize({ width, height: 900 });
    await watchShifts(page);
    await complete.openCompleted();
    await complete.choose('Attention');
    await expect(complete.inspector.getByText('Looks at the start symbol')).toBeVisible();
    await expectNoShifts(page);
  });

  test(`nothing jumps while Train opens with its data, ${width} pixels wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    const train = new TrainPage(page);
    await train.open();
    await train.pick({ 'data_batch_1.bin': records(100) });
    await expect(train.sheet(100)).toBeVisible();
    await watchShifts(page);
    await page.reload();
    await expect(train.sheet(100)).toBeVisible();
    await train.decibels();
    await expectNoShifts(page);
  });
}

test('nothing of Probe sticks out sideways, before it and after it', async ({ page }) => {
  test.slow();
  const probe = new ProbePage(page);
  await probe.openTiny();
  await probe.choice('Labels to learn from', '40').click();
  await expectToFitEverywhere(page);
  await probe.start.click();
  await probe.ends();
  for (const view of ['By labels', 'By layer'] as const) {
    await probe.view(view).click();
    await expectToFitEverywhere(page);
  }
});

for (const width of [360, 1024, 1440]) {
  test(`nothing jumps while Probe opens and layers come, ${width} pixels wide`, async ({ page }) => {
    test.slow();
    await page.setViewportSize({ width, height: 900 });
    const probe = new ProbePage(page);
    await probe.openWith(40, 30);
    await watchShifts(page);
    await page.reload();
    await expect(probe.sheet).toBeVisible();
    await expect(probe.start).toBeEnabled({ timeout: 60_000 });
    await expectNoShifts(page);
    await probe.choice('Beside them', 'Untrained model').click();
    await probe.start.click();
    await expect(probe.chart).toBeVisible();
    await page.evaluate(() => (window.shifts = []));
    await probe.ends();
    await expectNoShifts(page);
  });
}

test.describe('for those who want no motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('nothing slides or fades', async ({ complete, page }) => {
    await page.addInitScript(() => {
      window.motions = [];
      for (const start of ['transitionrun', 'animationstart'] as const) {
        addEventListener(start, ({ target }) => window.motions.push((target as Element).outerHTML.slice(0, 80)), true);
      }
    });
    await complete.openCompleted('n=1');
    await complete.showMoreSettings();
    await page.getByRole('switch', { name: 'Look-ahead' }).click();
    await complete.slide('Temperature', 0.5);
    await complete.device.click();
    await page.keyboard.press('Escape');
    await complete.run();
    expect(await page.evaluate(() => window.motions)).toEqual([]);
  });
});
