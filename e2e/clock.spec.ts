/** The clock on the wall is set back or forward a day while a run trains: its figures stay sane, and the newest stays first. */
import type { Page } from '@playwright/test';
import { beforeWorker } from './faults.ts';
import { cifar } from './probe-page.ts';
import { expect, SHORT, SHORT_NAME, test } from './run-page.ts';
import { TrainPage } from './train-page.ts';

const DAY = 86_400_000;

declare global {
  /** Milliseconds that the clock of this page or worker is ahead. */
  var clockAhead: number;
}

function adjustableClock(): void {
  globalThis.clockAhead = 0;
  const True = Date;
  globalThis.Date = class extends True {
    constructor(...args: [] | [number | string]) {
      if (args.length === 0) super(True.now() + globalThis.clockAhead);
      else super(...args);
    }
    static override now() {
      return True.now() + globalThis.clockAhead;
    }
  } as DateConstructor;
}

async function setClock(page: Page, ahead: number): Promise<void> {
  const set = (ahead: number) => {
    globalThis.clockAhead = ahead;
  };
  await page.evaluate(set, ahead);
  await page.workers().at(-1)!.evaluate(set, ahead);
}

test('a run goes on over jumps of the clock with sane figures, and what is made after them is listed first', async ({
  runs,
  page,
}) => {
  test.setTimeout(180_000);
  await page.addInitScript(adjustableClock);
  await beforeWorker(page, adjustableClock);
  await runs.open('backend=wasm');
  await runs.write({ ...SHORT, 'Judge every': 5, Steps: 100_000 });
  await runs.startOnBundled();
  for (const ahead of [-DAY, DAY, 0]) {
    await setClock(page, ahead);
    await runs.reaches((await runs.step()) + 12);
    const told = await runs.run.innerText();
    expect(told).toMatch(/left/);
    expect(told).not.toMatch(/NaN|Infinity|[-−]\d/);
    const speed = await runs.figure('Speed');
    expect(speed).toBeGreaterThan(10);
    expect(speed).toBeLessThan(1e6);
  }
  await setClock(page, -DAY);
  await runs.stop.click();
  await expect(runs.all.getByText(/^saved at step/)).toBeVisible();
  const seconds = (await runs.csv(SHORT_NAME)).slice(1).map((row) => Number(row[4]));
  for (const [i, second] of seconds.entries()) expect(second).toBeGreaterThanOrEqual(seconds[i - 1] ?? 0);

  await runs.act(SHORT_NAME, 'Duplicate');
  await expect(runs.all.getByRole('listitem')).toHaveCount(2);
  await expect(runs.all.getByRole('listitem').first()).toContainText(`${SHORT_NAME} copy`);
  const train = new TrainPage(page);
  await train.pick(await cifar(200, 100));
  await expect(train.list).toHaveCount(2);
  await expect(train.list.first()).toBeChecked();
});
