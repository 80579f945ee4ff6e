/** The build on a static host under any path, without any header: it completes and trains there, and without a connection too. */
import { expect } from './complete-page.ts';
import { RunPage, SHORT } from './run-page.ts';
import { test } from './sub-path.ts';

test.use({ serviceWorkers: 'allow' });

test('under a path of its own the page completes, trains, and opens again without a connection', async ({
  complete,
  page,
  context,
  staticHost,
}) => {
  test.setTimeout(180_000);
  await page.goto(`${staticHost.address}#complete?n=2`);
  await complete.completed();
  await expect(complete.card('Original')).toBeVisible();
  const pictures = await complete.completions();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });

  await page.goto(`${staticHost.address}#train?backend=wasm`);
  const runs = new RunPage(page);
  await runs.write({ ...SHORT, Steps: 40 });
  await runs.startOnBundled();
  await expect(runs.all.getByText(/^done at step 40/)).toBeVisible({ timeout: 60_000 });

  staticHost.close();
  await context.setOffline(true);
  await page.goto('about:blank');
  await page.goto(`${staticHost.address}#complete?n=2`);
  await complete.completed();
  expect(await complete.completions()).toEqual(pictures);
});

test('a file that the host sends damaged is not kept for later, and is once it comes whole', async ({
  complete,
  page,
  staticHost,
}) => {
  const isKept = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      return registration?.active != null;
    });
  staticHost.damage = (path, bytes) =>
    path.endsWith('favicon.svg') ? Buffer.concat([bytes, Buffer.from(' ')]) : bytes;
  await page.goto(`${staticHost.address}#complete?n=1`);
  await complete.completed();
  await expect
    .poll(() =>
      page.evaluate(async () => {
        const registration = await navigator.serviceWorker.getRegistration();
        return registration === undefined || (registration.installing === null && registration.waiting === null);
      }),
    )
    .toBe(true);
  expect(await isKept()).toBe(false);
  staticHost.damage = null;
  await page.reload();
  await complete.completed();
  await expect.poll(isKept).toBe(true);
});
