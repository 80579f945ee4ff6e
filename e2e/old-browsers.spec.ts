/** Browsers that lack something: the next best way is taken and named, or a sentence says what is missing. */
import type { Page } from '@playwright/test';
import { withWebgl } from './browsers.ts';
import { expect } from './complete-page.ts';
import { beforeWorker } from './faults.ts';
import { completeLastRow, expectLastRowChosen } from './last-row.ts';
import { pngPicture } from './pictures.ts';
import { RunPage, SHORT } from './run-page.ts';
import { test } from './slow-host.ts';

test.use({ launchOptions: withWebgl });

const STEPS = 3;

/** A few steps of a small model on few pictures, to their end. */
async function trains(page: Page, settings: string, recipe: Partial<typeof SHORT> = {}): Promise<void> {
  const runs = new RunPage(page);
  await page.goto('about:blank');
  await runs.open(settings);
  const few = { 'Pictures a step': 2, 'Judge every': 3, 'Pictures to judge by': 4 };
  await runs.write({ ...SHORT, ...few, ...recipe, Steps: STEPS });
  await runs.run.getByRole('button', { name: /^Train on CIFAR-10/ }).click();
  await expect(runs.all.getByText(`done at step ${STEPS}, best`)).toBeVisible({ timeout: 180_000 });
  const losses = (await runs.csv('1 layer, width 32, on CIFAR-10')).slice(1).map(([, loss]) => Number(loss));
  expect(losses).toHaveLength(STEPS);
  for (const loss of losses) expect(loss).toBeGreaterThan(4);
  // ln 512 at first, whatever computes it.
  expect(losses[0]).toBeCloseTo(6.2383, 2);
}

test('WebGL completes and trains for real', async ({ complete, slowHost, page }) => {
  test.setTimeout(400_000);
  await completeLastRow(complete, slowHost, 'backend=webgl');
  await expect(complete.device).toHaveAccessibleName('Device: WebGL');
  await expectLastRowChosen(complete);
  // On a software adapter a drawing would take a minute, of what the completion above has shown.
  await trains(page, 'backend=webgl', { 'Draw every': 0 });
});

test('WebAssembly without SIMD completes and trains for real, and fetches no kernels in vain', async ({
  complete,
  slowHost,
  page,
}) => {
  test.setTimeout(400_000);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await beforeWorker(page, () => {
    // The bytes that begin every instruction of SIMD.
    const validate = WebAssembly.validate;
    WebAssembly.validate = (bytes) => !new Uint8Array(bytes as ArrayBuffer).includes(0xfd) && validate(bytes);
  });
  await completeLastRow(complete, slowHost, 'backend=wasm');
  await expectLastRowChosen(complete);
  await complete.device.click();
  await expect(
    page.getByRole('dialog', { name: 'Device' }).getByText('WebAssembly', { exact: true }).last(),
  ).toBeVisible();
  await page.keyboard.press('Escape');
  await trains(page, 'backend=wasm');
  expect(asked.filter((url) => /\/kernels-.*\.wasm|wasm-simd/.test(url))).toEqual([]);
});

test('without WebGPU, WebAssembly and WebGL plain JavaScript completes', async ({ complete, slowHost, page }) => {
  test.setTimeout(300_000);
  await beforeWorker(page, () => {
    for (const name of ['WebAssembly', 'OffscreenCanvas']) Reflect.deleteProperty(globalThis, name);
    Object.defineProperty(Object.getPrototypeOf(navigator), 'gpu', { get: () => undefined });
  });
  await completeLastRow(complete, slowHost, '');
  await expectLastRowChosen(complete);
  await expect(complete.device).toHaveAccessibleName('Device: Plain JavaScript');
  await complete.device.click();
  await expect(page.getByRole('dialog', { name: 'Device' })).toContainText(
    'This browser has no WebGPU. WebAssembly did not start. WebGL did not start.',
  );
});

test('where workers have no canvas, pictures are refused with a sentence', async ({ complete, slowHost, page }) => {
  slowHost.release();
  await beforeWorker(page, () => {
    Reflect.deleteProperty(globalThis, 'OffscreenCanvas');
  });
  await complete.openQuickly();
  await complete.openPicture(
    'small.png',
    'image/png',
    pngPicture(8, 8, (x, y) => [x * 30, y * 30, 90]),
  );
  await expect(complete.notice(/because it has no OffscreenCanvas: use a newer one\.$/)).toBeVisible();
  await complete.run();
});

test('where workers know no modules, or there are none, a sentence says so and the examples can be looked at', async ({
  complete,
  slowHost,
  page,
}) => {
  slowHost.release();
  for (const old of [
    () => {
      const Modern = Worker;
      // What an old browser makes of it: the type is not looked at.
      globalThis.Worker = class extends Modern {
        constructor(address: string | URL) {
          super(address);
        }
      };
    },
    () => {
      Reflect.deleteProperty(globalThis, 'Worker');
    },
  ]) {
    await page.addInitScript(old);
    await page.goto('about:blank');
    await complete.open('n=2');
    await expect(complete.notice(/because it knows no modules in workers: use a newer one\.$/)).toBeVisible();
    await expect(complete.start).toBeDisabled();
    await expect(complete.cards).toHaveCount(2);
  }
});

test('a browser whose language Intl does not know opens every workspace', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'language', { get: () => 'C' });
  });
  await page.goto('/');
  for (const name of ['Train', 'Probe', 'About', 'Complete']) {
    await page.getByRole('tab', { name }).click();
    await expect(page.getByRole('tabpanel', { name }).getByRole('button').first()).toBeVisible();
  }
  await expect(page.getByRole('alert')).toHaveCount(0);
});
