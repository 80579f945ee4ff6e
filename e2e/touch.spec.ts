/** A finger on a phone's screen. */

import type { Locator } from '@playwright/test';
import { type Cell, type CompletePage, expect, test } from './complete-page.ts';

test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

/** A finger that goes down on the first cell, along the others, and up. */
async function finger(complete: CompletePage, ...cells: Cell[]): Promise<void> {
  const client = await complete.page.context().newCDPSession(complete.page);
  const touch = (type: string, points: Cell[]) =>
    client.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints: points });
  const points: Cell[] = [];
  for (const cell of cells) points.push(await complete.middleOf(complete.drawing, cell));
  await touch('touchStart', [points[0]]);
  for (const point of points.slice(1)) await touch('touchMove', [point]);
  await touch('touchEnd', []);
  await client.detach();
}

test('a finger draws a line, and the page does not scroll away under it', async ({ complete, page }) => {
  await complete.openQuickly();
  await page.getByRole('button', { name: 'Clear the drawing' }).tap();
  await complete.drawing.scrollIntoViewIfNeeded();
  const scrolled = await page.evaluate(() => scrollY);
  await finger(complete, { x: 4, y: 3 }, { x: 4, y: 6 }, { x: 4, y: 10 });
  expect(await page.evaluate(() => scrollY)).toBe(scrolled);
  const drawn = await complete.drawn();
  const marked = drawn.flatMap((colour, i) => (colour === 'unknown' ? [] : [i]));
  expect(marked).toEqual([3, 4, 5, 6, 7, 8, 9, 10].map((y) => y * 16 + 4));
});

test('a tap draws one pixel, and a tap on a completion shows what was weighed there', async ({ complete, page }) => {
  await complete.openCompleted('n=2');
  const before = await complete.drawn();
  await finger(complete, { x: 2, y: 14 });
  const after = await complete.drawn();
  expect(after.flatMap((colour, i) => (colour === before[i] ? [] : [i]))).toEqual([14 * 16 + 2]);

  const { x, y } = await complete.middleOf(complete.card(2), { x: 6, y: 11 });
  await page.touchscreen.tap(x, y);
  await expect(complete.inspector.getByText('Row 12, column 7')).toBeVisible();
  await expect(complete.inspector.getByRole('list', { name: 'Likeliest colours' })).toBeVisible();
});

test('what a finger must hit is large enough', async ({ complete, page }) => {
  await complete.openQuickly();
  const controls = page.getByRole('button').or(page.getByRole('radio')).or(page.getByRole('tab'));
  for (const control of await controls.all()) {
    const box = await control.boundingBox();
    if (!box) continue;
    const name = (await control.getAttribute('aria-label')) ?? (await control.innerText());
    // 24 pixels is the least that WCAG 2.2 allows.
    expect(Math.min(box.width, box.height), name).toBeGreaterThanOrEqual(24);
  }
});

test('what is pressed most is as large as a fingertip, in every workspace', async ({ complete, page }) => {
  await complete.openQuickly();
  const expectLarge = async (control: Locator) => {
    const box = (await control.boundingBox())!;
    expect(box.height, String(control)).toBeGreaterThanOrEqual(44);
  };
  for (const tab of await page.getByRole('tab').all()) await expectLarge(tab);
  for (const name of ['Complete', 'More', 'Use this one', 'Hide a part', 'Clear the drawing', 'Undo']) {
    await expectLarge(page.getByRole('button', { name, exact: true }));
  }
  await expectLarge(page.getByRole('radio', { name: 'Surprise' }));
  for (const [tab, names] of [
    ['Train', ['Choose files', 'Import a run', /^Train on CIFAR-10/]],
    ['Probe', ['Choose files', 'Raw pixels', /^Probe on CIFAR-10/]],
    ['About', ['Next pixel', 'Benchmark this device', 'Change the drawing']],
  ] as const) {
    await page.getByRole('tab', { name: tab }).tap();
    for (const name of names) {
      const control = page.getByRole('button', { name }).first();
      await expect(control).toBeVisible({ timeout: 60_000 });
      await expectLarge(control);
    }
  }
});
