/**
 * The graphics device goes away while something else than training is under way (training-faults.spec.ts has that): the person
 * is told once, what was there stays, and the next attempt works.
 */
import type { Page } from '@playwright/test';
import { encodeDrawing } from '../src/canvas/drawingCode.ts';
import { UNKNOWN } from '../workers/contract.ts';
import { withWebgpu } from './browsers.ts';
import { type CompletePage, expect } from './complete-page.ts';
import { EvaluatePage } from './evaluate-page.ts';
import { beforeWorker, loseDevice, loseDeviceAfter, rememberDevices } from './faults.ts';
import { OWN, ProbePage } from './probe-page.ts';
import { test } from './slow-host.ts';
import { TrainPage } from './train-page.ts';

test.use({ launchOptions: withWebgpu, allowedComplaints: /GPUDevice|device (was|is) lost|destroyed|Device/ });

/** More of them on request: `FAULTS=50 npx playwright test e2e/device-lost.spec.ts`. */
const FAULTS = Number(process.env.FAULTS ?? 2);

/** Six rows are left to the model. */
const DRAWING = `backend=webgpu&n=1&d=${encodeDrawing({
  side: 16,
  tokens: Int16Array.from({ length: 256 }, (_, i) => (i < 160 ? (i * 7) % 512 : UNKNOWN)),
})}`;

const TOLD = /^The graphics device was lost: .*\. The model is being started again\.$/;

/** One sentence, no more; and it goes when it has been read. */
async function toldOnce(page: Page): Promise<void> {
  const notices = page.getByRole('region', { name: 'Notices' });
  await expect(notices.getByText(TOLD)).toBeVisible();
  await expect(notices.getByRole('button', { name: 'Dismiss' })).toHaveCount(1);
  await notices.getByRole('button', { name: 'Dismiss' }).click();
}

async function openOnWebgpu(complete: CompletePage): Promise<void> {
  await rememberDevices(complete.page);
  await complete.open(DRAWING);
  await complete.completed(120_000);
  await expect(complete.device).toHaveAccessibleName('Device: WebGPU');
}

test('while the model loads: it is loaded anew', async ({ complete, slowHost, page }) => {
  await rememberDevices(page);
  await complete.open(DRAWING);
  await expect(page.getByText(/^Loading the model: .* 50 %$/)).toBeVisible();
  const drawn = await complete.drawn();
  await loseDevice(page);
  await expect(complete.notice(TOLD)).toBeVisible();
  slowHost.release();
  await complete.completed(120_000);
  await toldOnce(page);
  expect(await complete.drawn()).toEqual(drawn);
});

test('in any row of a completion: the drawing and the rows that had come stay', async ({
  complete,
  slowHost,
  page,
}) => {
  test.setTimeout(120_000 + 60_000 * FAULTS);
  slowHost.release();
  await openOnWebgpu(complete);
  const drawn = await complete.drawn();
  const [whole] = await complete.completions();
  for (let fault = 0; fault < FAULTS; fault++) {
    const rows = Math.floor(Math.random() * 6);
    await loseDeviceAfter(page, rows);
    await complete.start.click();
    await expect(complete.notice(TOLD)).toBeVisible();
    await expect(complete.start).toBeEnabled({ timeout: 60_000 });
    await toldOnce(page);
    expect(await complete.drawn()).toEqual(drawn);
    const [partly] = await complete.completions();
    // What was given comes first of all.
    const come = 16 * (rows === 0 ? 0 : 9 + rows);
    expect(partly.slice(0, come)).toEqual(whole.slice(0, come));
    await complete.run(120_000);
    expect(await complete.completions()).toEqual([whole]);
  }
});

test('while a head is looked through: the pictures stay, and the head is there again', async ({
  complete,
  slowHost,
  page,
}) => {
  slowHost.release();
  await openOnWebgpu(complete);
  const pictures = await complete.completions();
  await complete.choose('Attention');
  await loseDevice(page, 100);
  await expect(complete.notice(TOLD)).toBeVisible();
  await expect(complete.start).toBeEnabled({ timeout: 60_000 });
  await toldOnce(page);
  expect(await complete.completions()).toEqual(pictures);
  await expect(complete.inspector.getByRole('slider', { name: 'Head' })).toBeVisible();
  await complete.choose('Picture');
  await complete.run(120_000);
  expect(await complete.completions()).toEqual(pictures);
});

test('in a probe: the layers that have come stay, and it can be started again', async ({ slowHost, page }) => {
  test.setTimeout(300_000);
  slowHost.release();
  await rememberDevices(page);
  const probe = new ProbePage(page);
  await probe.openTiny(60, 30, 'backend=webgpu&n=1');
  await probe.start.click();
  await expect.poll(() => probe.layers(), { timeout: 120_000, intervals: [50] }).toBeGreaterThanOrEqual(2);
  const had = await probe.layers();
  await loseDevice(page);
  await expect(probe.notices.getByText(TOLD)).toBeVisible();
  await expect(probe.start).toBeEnabled({ timeout: 60_000 });
  await toldOnce(page);
  expect(await probe.layers()).toBeGreaterThanOrEqual(had);
  await probe.start.click();
  await probe.ends();
  expect(await probe.layers()).toBe(3);
});

test('in an evaluation: what has been measured stays, and it can be started again', async ({ slowHost, page }) => {
  test.setTimeout(400_000);
  slowHost.release();
  await rememberDevices(page);
  const evaluation = new EvaluatePage(page);
  await evaluation.probe.openTiny(100, 50, 'backend=webgpu&n=1');
  await evaluation.view.click();
  for (const part of ['Distance', 'Nearest pictures']) await evaluation.choice('Measure', part).click();
  await evaluation.start.click();
  await expect(evaluation.progress).toHaveAttribute('aria-valuetext', /^Drew/, { timeout: 120_000 });
  const measured = await evaluation.row(OWN);
  expect(measured[0][0]).toMatch(/^\d\.\d{4} ±/);
  await loseDevice(page);
  await expect(evaluation.probe.notices.getByText(TOLD)).toBeVisible();
  await expect(evaluation.start).toBeEnabled({ timeout: 60_000 });
  await toldOnce(page);
  expect(await evaluation.row(OWN)).toEqual(measured);
  await evaluation.start.click();
  await evaluation.ends();
  expect(await evaluation.row(OWN)).toEqual(measured);
  await expect(evaluation.samples).toBeVisible();
});

test('while a palette is fitted: the fit ends, and another one works', async ({ slowHost, page }) => {
  slowHost.release();
  await rememberDevices(page);
  const train = new TrainPage(page);
  await page.goto('/#train?backend=webgpu');
  const probe = new ProbePage(page);
  await expect(train.button('Choose files')).toBeEnabled();
  await probe.addPictures(2000, 100);
  await train.palette('Fitted to the data').click();
  await train.button('Fit a palette').click();
  await expect(train.fitting).toBeVisible();
  await loseDevice(page, 300);
  await expect(train.notices.getByText(TOLD)).toBeVisible();
  await expect(train.fitting).toBeHidden();
  await toldOnce(page);
  await expect(train.list).toHaveCount(1);
  await train.fitPalette();
  await expect(train.swatches(512)).toBeVisible();
});

test('while devices are measured: the page goes on without WebGPU, and says why', async ({
  complete,
  slowHost,
  page,
}) => {
  slowHost.release();
  await beforeWorker(page, () => {
    const record = GPUDevice.prototype.createCommandEncoder;
    GPUDevice.prototype.createCommandEncoder = function (...args) {
      this.destroy();
      return record.apply(this, args);
    };
  });
  await complete.openQuickly();
  await complete.device.click();
  const panel = page.getByRole('dialog', { name: 'Device' });
  await expect(panel).toContainText('WebGPU failed while it was measured');
});
