/**
 * Browsers whose navigator lacks what newer or other ones have: each thing alone, and all of them.
 * The page completes, reads data and trains all the same.
 */
import { expect, test } from './complete-page.ts';
import { beforeWorker } from './faults.ts';
import { cifar } from './probe-page.ts';
import { RunPage, SHORT } from './run-page.ts';
import { TrainPage } from './train-page.ts';

const OPTIONAL = ['storage', 'locks', 'wakeLock', 'hardwareConcurrency', 'deviceMemory', 'gpu'];

/** The script that takes them out of the page's navigator or a worker's. */
const without = (names: string[]): string => `(() => {
  for (const name of ${JSON.stringify(names)}) delete Object.getPrototypeOf(navigator)[name];
})`;

for (const names of [...OPTIONAL.map((name) => [name]), OPTIONAL]) {
  test(`without ${names.join(', ')} the page completes and trains`, async ({ complete, page }) => {
    test.setTimeout(120_000);
    await page.addInitScript(`${without(names)}()`);
    await beforeWorker(page, without(names));
    await complete.openQuickly();
    const inNavigator = (asked: string[]) => asked.filter((name) => name in navigator);
    expect(await page.evaluate(inNavigator, names)).toEqual([]);
    expect(await page.workers()[0].evaluate(inNavigator, names)).toEqual([]);

    await page.getByRole('tab', { name: 'Train' }).click();
    const runs = new RunPage(page);
    await new TrainPage(page).pick(await cifar(200, 100));
    await runs.write({ ...SHORT, Steps: 2 });
    await runs.setup.getByRole('button', { name: 'Start training' }).click();
    await expect(runs.all.getByText(/^done at step 2/)).toBeVisible({ timeout: 60_000 });
    await expect(complete.notices).toBeEmpty();
  });
}
