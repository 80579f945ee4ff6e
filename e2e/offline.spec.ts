/** The page without a connection, after one visit with it. */

import { expect, test } from './complete-page.ts';

test.use({ serviceWorkers: 'allow' });

test('after one visit the page opens and completes without a connection', async ({ complete, page, context }) => {
  await complete.openCompleted('n=2');
  const pictures = await complete.completions();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await context.setOffline(true);
  await page.goto('about:blank');
  await complete.openCompleted('n=2');
  expect(await complete.completions()).toEqual(pictures);
  await page.getByRole('tab', { name: 'Train' }).click();
  await expect(page.getByRole('button', { name: 'Choose files' })).toBeEnabled();
  await page.getByRole('tab', { name: 'About' }).click();
  await expect(page.getByRole('heading', { name: 'Published numbers' })).toBeVisible();
});

test('a large model is kept once it has been asked for, and not beforehand', async ({ page, context }) => {
  await page.goto('/');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  const file = 'models/igpt-cifar-32-small/model.safetensors';
  const kept = () => page.evaluate(async (url) => (await caches.match(url)) !== undefined, file);
  const arrives = () => page.evaluate(async (url) => (await (await fetch(url)).arrayBuffer()).byteLength, file);
  expect(await kept()).toBe(false);
  expect(await arrives()).toBeGreaterThan(20e6);
  await expect.poll(kept).toBe(true);
  await context.setOffline(true);
  expect(await arrives()).toBeGreaterThan(20e6);
});

test('a model that lies damaged in what is kept is fetched anew, and kept whole', async ({
  complete,
  page,
  context,
}) => {
  await complete.openCompleted('n=2');
  const pictures = await complete.completions();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        if (!request.url.endsWith('model.safetensors')) continue;
        const bytes = new Uint8Array(await (await cache.match(request))!.arrayBuffer());
        bytes[bytes.length >> 1] ^= 0x40;
        await cache.put(request, new Response(bytes));
      }
    }
  });
  await page.goto('about:blank');
  await complete.openCompleted('n=2');
  expect(await complete.completions()).toEqual(pictures);
  await context.setOffline(true);
  await page.goto('about:blank');
  await complete.openCompleted('n=2');
  expect(await complete.completions()).toEqual(pictures);
  await expect(complete.notices).toBeEmpty();
});

test('the page can be installed', async ({ page }) => {
  await page.goto('/');
  const manifest = await page.evaluate(async () => {
    const link = document.querySelector<HTMLLinkElement>('link[rel=manifest]')!;
    return (await fetch(link.href)).json();
  });
  expect(manifest).toMatchObject({ name: 'Image GPT in a tab', display: 'standalone', start_url: './' });
  const icon = await page.request.get(new URL(manifest.icons[0].src, page.url()).href);
  expect(icon.headers()['content-type']).toContain('image/svg+xml');
});
