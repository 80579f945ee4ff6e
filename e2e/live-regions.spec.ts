/** What a screen reader says by itself: the turns of long work, and not much more. */
import type { Page } from '@playwright/test';
import { CompletePage } from './complete-page.ts';
import { ProbePage } from './probe-page.ts';
import { expect, SHORT, SHORT_NAME, test } from './run-page.ts';

declare global {
  interface Window {
    said: { at: number; text: string }[];
  }
}

/** Keeps an account of every change within a live region, as a screen reader hears them. */
async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.said = [];
    const live = '[aria-live]:not([aria-live="off"]), [role="status"], [role="alert"], [role="log"], output';
    const hear = (changes: MutationRecord[]) => {
      const regions = new Set<Element>();
      for (const { target, addedNodes } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        const around = element?.closest(live);
        if (around) regions.add(around);
        for (const added of addedNodes) {
          if (!(added instanceof Element)) continue;
          if (added.matches(live)) regions.add(added);
          for (const within of added.querySelectorAll(live)) regions.add(within);
        }
      }
      for (const region of regions) {
        const text = region.textContent?.trim() ?? '';
        if (!region.isConnected || region.closest('[aria-hidden="true"]')) continue;
        if (text) window.said.push({ at: performance.now(), text });
      }
    };
    new MutationObserver(hear).observe(document, { childList: true, subtree: true, characterData: true });
  });
}

const said = (page: Page): Promise<string[]> => page.evaluate(() => window.said.map(({ text }) => text));

/** The most that was said within one minute. */
const busiest = (page: Page): Promise<number> =>
  page.evaluate(() =>
    Math.max(
      0,
      ...window.said.map(({ at }) => window.said.filter((one) => one.at >= at && one.at < at + 60_000).length),
    ),
  );

test('a completion says that it has begun and how it ended, and nothing on the way', async ({ page }) => {
  await listen(page);
  const complete = new CompletePage(page);
  await complete.openCompleted('n=2');
  const completes = async () => {
    await page.evaluate(() => (window.said = []));
    await complete.run();
    const heard = await said(page);
    expect(heard).toEqual(['Making 2 completions.', expect.stringMatching(/^2 completions\. Done in/)]);
  };
  await completes();
  await test.step('even where the user has moved to a pixel, which was said then', async () => {
    await page.evaluate(() => (window.said = []));
    await complete.card(2).focus();
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    const [row, column] = (await complete.inspector.getByText(/^Row \d+, column \d+/).innerText()).match(/\d+/g)!;
    const [, picture] = await complete.completions();
    await expect
      .poll(async () => (await said(page)).at(-1))
      .toMatch(
        new RegExp(`^Row ${row}, column ${column}: .+, ${picture[(Number(row) - 1) * 16 + Number(column) - 1]}\\.$`),
      );
    await completes();
  });
});

test('a run and a probe say their turns, and little enough to be listened to', async ({ page, runs }) => {
  test.setTimeout(300_000);
  await listen(page);
  await runs.open();
  await runs.write({ ...SHORT, Steps: 100_000, 'Draw every': 5, 'Judge every': 5 });
  await runs.startOnBundled();
  await runs.reaches(60);
  await expect.poll(() => said(page)).toContainEqual(`The training of ${SHORT_NAME} has started.`);
  const paused = await runs.pauseIt();
  await expect
    .poll(() => said(page))
    .toContainEqual(expect.stringMatching(`is paused at step ${paused}, loss \\d\\.\\d{3} nats per pixel`));
  await runs.oneStep.click();
  await expect.poll(() => runs.step()).toBe(paused + 1);
  await expect.poll(async () => (await said(page)).at(-1)).toContain(`is paused at step ${paused + 1}, loss`);
  await expect(runs.goOn).toBeEnabled();
  await runs.goOn.click();
  await runs.reaches(paused + 30);
  await runs.stop.click();
  await expect.poll(async () => (await said(page)).at(-1)).toMatch(/has stopped at step \d+, and is saved\.$/);

  await page.getByRole('tab', { name: 'Probe' }).click();
  const probe = new ProbePage(page);
  await probe.setup.getByRole('textbox', { name: 'Training pictures' }).fill('60');
  await probe.setup.getByRole('textbox', { name: 'Test pictures' }).fill('40');
  await probe.choice('Beside them', 'Untrained model').click();
  await probe.start.click();
  await probe.ends();
  await expect
    .poll(async () => (await said(page)).at(-1))
    .toMatch(/^Probed on CIFAR-10\..* best layer \d, \d+\.\d %\./);
  const all = await said(page);
  expect(all).toContainEqual('Probing on CIFAR-10 has started.');
  // Eight turns were asked for above, and a single step has two; "Loading…" of two parts of the page comes to them.
  expect(await busiest(page), all.join('\n')).toBeLessThanOrEqual(12);
});

test('what fails is said', async ({ page }) => {
  await listen(page);
  const complete = new CompletePage(page);
  await complete.openQuickly();
  await complete.pick(1, 'Use this one');
  await complete.start.click();
  await expect.poll(async () => (await said(page)).at(-1)).toContain('Every pixel is drawn already.');
});
