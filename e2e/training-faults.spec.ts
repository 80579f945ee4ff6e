/** What can befall a run: its worker dies, its device is lost, the disk is full, two tabs want it. It goes on from what was saved. */
import type { Page } from '@playwright/test';
import { withWebgpu } from './browsers.ts';
import { hang } from './faults.ts';
import { expect, RunPage, SHORT, SHORT_NAME, test } from './run-page.ts';

test.use({ launchOptions: withWebgpu, allowedComplaints: /killed|GPUDevice|device (was|is) lost|destroyed|Device/ });

/**
 * Ends the worker as a crash would, at a random point of a step or of a write, while the page is busy: when it hears of that, what
 * the worker went on to post is there too.
 */
async function kill(page: Page): Promise<void> {
  await page
    .workers()
    .at(-1)!
    .evaluate(() => {
      setTimeout(() => {
        throw new Error('killed');
      }, Math.random() * 150);
    });
  await page.evaluate(() => {
    const end = performance.now() + 400;
    while (performance.now() < end);
  });
}

/** Loses the device in the middle of a step: one of the next things that the engine records finds it gone. */
async function loseDevice(page: Page): Promise<void> {
  await page
    .workers()
    .at(-1)!
    .evaluate(() => {
      const record = GPUDevice.prototype.createCommandEncoder;
      let left = Math.floor(Math.random() * 4);
      GPUDevice.prototype.createCommandEncoder = function (...args) {
        if (left-- === 0) this.destroy();
        return record.apply(this, args);
      };
    });
}

const NAME = SHORT_NAME;
/** Saves so often that a worker often dies while it writes. */
const SAVING = { ...SHORT, 'Save every': 2, 'Judge every': 5, 'Draw every': 0, Steps: 100_000 };
/** More of them on request: `FAULTS=50 npx playwright test e2e/training-faults.spec.ts`. */
const FAULTS = Number(process.env.FAULTS ?? 2);

/** The losses of the run by step, as text. */
const lossesOf = async (runs: RunPage) => (await runs.csv(NAME)).slice(1).map(([, loss]) => loss);

/** Befalls the run so many times; each time it must go on by itself. */
async function survives(runs: RunPage, befall: (page: Page) => Promise<void>): Promise<void> {
  const { page } = runs;
  const seconds: number[] = [];
  for (let fault = 0; fault < FAULTS; fault++) {
    const before = await runs.step();
    await runs.reaches(before + 1);
    const next = page.waitForEvent('worker', { timeout: 60_000 });
    await befall(page);
    const befallen = performance.now();
    await next;
    await expect(runs.pause).toBeVisible({ timeout: 60_000 });
    await runs.reaches(before + 2);
    seconds.push((performance.now() - befallen) / 1000);
  }
  const mean = seconds.reduce((sum, one) => sum + one) / FAULTS;
  const longest = Math.max(...seconds);
  console.log(`${seconds.length} recoveries, ${mean.toFixed(1)} s each, ${longest.toFixed(1)} s at most`);
}

/** The same recipe without any fault has the same losses, to the bit. */
async function isAsIfNothingHadBeen(runs: RunPage): Promise<void> {
  await runs.pauseIt();
  const interrupted = await lossesOf(runs);
  await runs.stop.click();
  await expect(runs.all.getByText(/^saved at step/)).toBeVisible();
  await runs.act(NAME, 'Rename');
  await runs.page.getByRole('textbox', { name: 'Name of the run' }).last().fill('Interrupted');
  await runs.page.keyboard.press('Enter');
  await runs.setup.getByRole('button', { name: 'Start training' }).click();
  await expect(runs.all.getByRole('button', { name: NAME, exact: true })).toBeVisible({ timeout: 30_000 });
  await runs.reaches(interrupted.length, 90_000 + 500 * interrupted.length);
  await runs.pauseIt();
  expect(interrupted).toEqual((await lossesOf(runs)).slice(0, interrupted.length));
  await runs.stop.click();
}

test('a worker that is killed at any moment costs a run nothing but time', async ({ runs }) => {
  test.setTimeout(120_000 + 20_000 * FAULTS);
  await runs.open('backend=wasm');
  await runs.write(SAVING);
  await runs.startOnBundled();
  await survives(runs, kill);
  await isAsIfNothingHadBeen(runs);
});

test('a worker that hangs is found out and replaced, and a machine that slept is not taken for it', async ({
  runs,
  page,
}) => {
  test.setTimeout(240_000);
  let workers = 0;
  page.on('worker', () => workers++);
  await page.clock.install();
  await runs.open('backend=wasm');
  await runs.write(SAVING);
  await runs.startOnBundled();
  await runs.reaches(4);
  await page.clock.fastForward('08:00:00');
  await runs.reaches((await runs.step()) + 4);
  await page.clock.fastForward('08:00:00');
  await runs.reaches((await runs.step()) + 4);
  expect(workers).toBe(1);

  await hang(page);
  await page.clock.runFor('02:30');
  await expect(runs.notices.getByText(`The run "${NAME}" stands still at step`)).toBeVisible();
  await expect(runs.pause).toBeVisible({ timeout: 60_000 });
  await runs.reaches((await runs.step()) + 4);
  expect(workers).toBe(2);
  await isAsIfNothingHadBeen(runs);
});

test('a lost device is rebuilt, and the run goes on by itself', async ({ runs }) => {
  test.setTimeout(180_000 + 30_000 * FAULTS);
  await runs.open('backend=webgpu');
  // A software adapter takes its time for each picture.
  await runs.write({ ...SAVING, 'Pictures a step': 2, 'Pictures to judge by': 4 });
  await runs.startOnBundled();
  await survives(runs, loseDevice);
  await isAsIfNothingHadBeen(runs);
});

test('a full disk stops nothing: the person is told, and what was saved before stands', async ({ runs, page }) => {
  test.setTimeout(180_000);
  await runs.open('backend=wasm');
  await runs.write(SAVING);
  await runs.startOnBundled();
  await runs.reaches(4);
  const session = await page.context().newCDPSession(page);
  const origin = new URL(page.url()).origin;
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 });
  const told = runs.run.getByText(/^There was no room to save the run\. It goes on/);
  await expect(told).toBeVisible({ timeout: 60_000 });
  await runs.reaches((await runs.step()) + 3);
  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await expect(told).toBeHidden({ timeout: 60_000 });
  await runs.stop.click();
});

test('a run belongs to one tab at a time', async ({ runs, page, context }) => {
  test.setTimeout(180_000);
  await runs.open('backend=wasm');
  await runs.write({ ...SHORT, Steps: 100_000 });
  await runs.startOnBundled();
  const other = new RunPage(await context.newPage());
  await other.open('backend=wasm');
  await other.all.getByRole('button', { name: NAME, exact: true }).click();
  await other.goOn.click();
  await expect(other.notices.getByText('This run is being trained in another tab.')).toBeVisible({ timeout: 30_000 });
  await page.bringToFront();
  await runs.stop.click();
  await expect(runs.all.getByText(/^saved at step/)).toBeVisible();
  await other.page.bringToFront();
  await other.goOn.click();
  await expect(other.pause).toBeVisible({ timeout: 30_000 });
  await other.stop.click();
});
