/** The page from another machine over plain http: no storage, no locks, no WebGPU, no hashes. It works all the same. */
import { withWebgpu } from './browsers.ts';
import { expect } from './complete-page.ts';
import { RunPage, SHORT } from './run-page.ts';
import { test } from './sub-path.ts';

const HOST = 'elsewhere.test';

test.use({
  launchOptions: { ...withWebgpu, args: [...withWebgpu.args!, `--host-resolver-rules=MAP ${HOST} localhost`] },
  baseURL: async ({ staticHost }, use) => use(`http://${HOST}:${staticHost.port}/some/sub%20path/`),
});

test('it completes, trains in memory, and says what is missing', async ({ complete, page, baseURL }) => {
  test.setTimeout(180_000);
  const told: string[] = [];
  page.on('console', (message) => told.push(message.text()));
  await page.goto(`${baseURL}#complete?n=2`);
  await complete.completed();
  expect(await page.evaluate(() => [isSecureContext, 'storage' in navigator])).toEqual([false, false]);
  await expect(complete.device).toHaveAccessibleName('Device: WebAssembly');
  expect(told).toContain('Downloads are not checked, because this page was not fetched over a secure connection.');
  await page.getByRole('tab', { name: 'Train' }).click();
  const runs = new RunPage(page);
  await runs.write({ ...SHORT, Steps: 40 });
  await runs.startOnBundled();
  await expect(runs.all.getByText(/^done at step 40/)).toBeVisible({ timeout: 60_000 });
  await expect(runs.all.getByText(/^This browser keeps nothing for this page: export a run/)).toBeVisible();
  await expect(complete.notices).toBeEmpty();
});
