/** The helpers themselves: a guard that never fires guards nothing. */

import { type Page, test as plain } from '@playwright/test';
import { noChromium } from './browsers.ts';
import { axe, collectComplaints, expect, test } from './helpers.ts';
import { jpegPicture, pngPicture } from './pictures.ts';

plain.skip(noChromium !== '', noChromium);

/** An empty page of the site's own origin. */
async function openBlank(page: Page, body = ''): Promise<void> {
  const html = `<!doctype html><html lang="en"><title>Blank</title><main><h1>Blank</h1>${body}</main>`;
  await page.route('**/blank', (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.goto('/blank');
}

plain.describe('a complaint is heard', () => {
  let complaints: string[];

  plain.beforeEach(async ({ page, baseURL }) => {
    complaints = collectComplaints(page.context(), new URL(baseURL ?? '').origin);
    await openBlank(page);
  });

  plain('when the page logs an error', async ({ page }) => {
    await page.evaluate(() => console.error('broken'));
    await expect.poll(() => complaints).toEqual([expect.stringContaining('console error: broken')]);
  });

  plain('when the page throws', async ({ page }) => {
    await page.evaluate(() => setTimeout(() => Promise.reject(new Error('broken'))));
    await expect.poll(() => complaints).toEqual([expect.stringContaining('uncaught error: Error: broken')]);
  });

  plain('when a worker throws', async ({ page }) => {
    await page.evaluate(() => {
      new Worker(URL.createObjectURL(new Blob(['throw new Error("broken")'])));
    });
    await expect.poll(() => complaints).toEqual([expect.stringContaining('uncaught error: Error: broken')]);
  });

  plain('when a worker asks another origin', async ({ page }) => {
    const headers = { 'access-control-allow-origin': '*' };
    await page.context().route('https://elsewhere.test/**', (route) => route.fulfill({ body: 'hello', headers }));
    await page.evaluate(() => {
      new Worker(URL.createObjectURL(new Blob(['fetch("https://elsewhere.test/")'])));
    });
    await expect.poll(() => complaints).toEqual(['foreign request: https://elsewhere.test/']);
  });
});

test.describe('an allowed complaint', () => {
  test.use({ allowedComplaints: /broken on purpose/ });

  test('does not fail the test', async ({ page }) => {
    await openBlank(page);
    await page.evaluate(() => console.error('broken on purpose'));
  });
});

test('a page passes the accessibility check unless one of its buttons has no name, or a colour is too pale', async ({
  page,
}) => {
  await openBlank(page, '<button>Start</button>');
  await axe(page);
  await openBlank(page, '<button></button>');
  await expect(axe(page)).rejects.toThrow('button-name (Buttons must have discernible text): button');
  await openBlank(page, '<p style="color: #999">Pale</p>');
  await expect(axe(page, 'of colour')).rejects.toThrow(/color-contrast/);
});

test('made pictures open in the browser', async ({ page }) => {
  await openBlank(page);
  const colour = (): [number, number, number] => [200, 30, 60];
  const files = [pngPicture(6, 4, colour), await jpegPicture(page, 6, 4, colour)];
  for (const file of files) {
    const size = await page.evaluate(
      async (bytes) => {
        const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
        return [bitmap.width, bitmap.height];
      },
      [...file],
    );
    expect(size).toEqual([6, 4]);
  }
});
