/** The graphics card has too little memory for what is asked: one sentence says so and what to do, and what was there goes on. */
import { encodeDrawing } from '../src/canvas/drawingCode.ts';
import { UNKNOWN } from '../workers/contract.ts';
import { withWebgpu } from './browsers.ts';
import { expect } from './complete-page.ts';
import { leaveMemory, limitMemory } from './faults.ts';
import { fixture, shipped } from './model-files.ts';
import { ProbePage } from './probe-page.ts';
import { RunPage, SHORT } from './run-page.ts';
import { test } from './slow-host.ts';

test.use({ launchOptions: withWebgpu });

const SETTINGS = `backend=webgpu&n=1&d=${encodeDrawing({
  side: 16,
  tokens: Int16Array.from({ length: 256 }, (_, i) => (i < 240 ? (i * 7) % 512 : UNKNOWN)),
})}`;

const NO_MEMORY =
  'There is not enough graphics memory for this model: close what else uses the graphics card, or choose WASM behind the device badge.';

test.beforeEach(async ({ complete, slowHost }) => {
  test.setTimeout(240_000);
  slowHost.release();
  await limitMemory(complete.page);
  await complete.open(SETTINGS);
  await complete.completed(120_000);
  await expect(complete.device).toHaveAccessibleName('Device: WebGPU');
});

test('sixteen variants where there is room for one: fewer are asked for, and one completes as before', async ({
  complete,
  page,
}) => {
  const pictures = await complete.completions();
  const [worker] = page.workers();
  await leaveMemory(page, 100_000);
  await complete.slide('Variants', 16);
  await complete.start.click();
  await expect(
    complete.notice(/^There is not enough graphics memory for so many pictures at once: take fewer/),
  ).toBeVisible();
  await complete.slide('Variants', 1);
  await complete.run(120_000);
  expect(await complete.completions()).toEqual(pictures);
  expect(page.workers()).toEqual([worker]);
  await expect(complete.notices.getByRole('button', { name: 'Dismiss' })).toHaveCount(1);
});

test('a model of one’s own that is too large is refused, and the model in use goes on', async ({ complete, page }) => {
  await complete.openModel(fixture('f16-2x32x4'));
  await expect(complete.model).toHaveAccessibleName(/8 × 8$/);
  await complete.hide('Top half');
  await complete.run(120_000);
  const pictures = await complete.completions();
  const [worker] = page.workers();
  await leaveMemory(page, 1_000_000);
  await complete.openModel(shipped());
  await expect(complete.notice(NO_MEMORY)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(complete.model).toHaveAccessibleName(/8 × 8$/);
  await complete.run(120_000);
  expect(await complete.completions()).toEqual(pictures);
  expect(page.workers()).toEqual([worker]);
});

test('a run that finds no room says what it needs, and completing goes on', async ({ complete, page }) => {
  const [worker] = page.workers();
  await page.getByRole('tab', { name: 'Train' }).click();
  const runs = new RunPage(page);
  await runs.write({ ...SHORT, Steps: 40 });
  await leaveMemory(page, 500_000);
  await runs.run.getByRole('button', { name: /^Train on CIFAR-10/ }).click();
  await expect(
    runs.notices.getByText(/^\d+(\.\d)? [GM]B of GPU memory are needed, more than there are free\. .* fits/),
  ).toBeVisible({ timeout: 60_000 });
  await page.getByRole('tab', { name: 'Complete' }).click();
  await complete.run(120_000);
  expect(page.workers()).toEqual([worker]);
});

test('a probe takes fewer pictures at once where memory is short, and says so where none does', async ({ page }) => {
  const [worker] = page.workers();
  const probe = new ProbePage(page);
  await probe.openTinyHere(100, 50);
  // The weights, and a few pictures of the hundreds that would go at once.
  await leaveMemory(page, 3_000_000);
  await probe.start.click();
  await probe.ends();
  expect(await probe.layers()).toBe(3);
  await probe.choice('Beside them', 'Raw pixels').click();
  await leaveMemory(page, 0);
  await probe.start.click();
  await expect(probe.notices.getByText(NO_MEMORY)).toBeVisible({ timeout: 60_000 });
  await expect(probe.start).toBeEnabled({ timeout: 60_000 });
  expect(page.workers()).toEqual([worker]);

  // TensorFlow.js asks for memory without asking whether there is any: the worker is started again.
  await probe.choice('Beside them', 'Raw pixels').click();
  await probe.choice('Beside them', 'Untrained model').click();
  await probe.start.click();
  await expect(
    probe.notices.getByText(
      /^The graphics device has run out of memory: take fewer .* The model is being started again\.$/,
    ),
  ).toBeVisible({ timeout: 60_000 });
  await expect(probe.start).toBeEnabled({ timeout: 60_000 });
});
