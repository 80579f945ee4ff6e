/** What another version of this page has kept in the browser: a former one's is used, a newer one's is left alone, with a sentence. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expect, test } from './run-page.ts';
import { TrainPage } from './train-page.ts';

const FIXTURE = fileURLToPath(new URL('../workers/storage/fixtures/version-1/', import.meta.url));

/** Puts the fixture into the browser's private file system, as files of that version. */
async function keep(page: Page, version: number): Promise<void> {
  const files = readdirSync(FIXTURE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const bytes = readFileSync(path);
      const told =
        entry.name === 'about.json' ? bytes.toString().replace('"version":1', `"version":${version}`) : bytes;
      return { parts: relative(FIXTURE, path).split(/[\\/]/), bytes: [...Buffer.from(told)] };
    });
  await page.goto('/#about');
  await page.evaluate(async (files) => {
    for (const { parts, bytes } of files) {
      let folder = await navigator.storage.getDirectory();
      for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create: true });
      const writable = await (await folder.getFileHandle(parts.at(-1)!, { create: true })).createWritable();
      await writable.write(Uint8Array.from(bytes));
      await writable.close();
    }
  }, files);
  await page.goto('about:blank');
}

test('what version 1 has kept is there: its pictures, its run, which goes on, and its model', async ({
  runs,
  page,
}) => {
  await keep(page, 1);
  await runs.open('backend=wasm');
  const train = new TrainPage(page);
  await expect(train.name).toHaveValue('Stripes');
  await expect(train.sheet(16)).toBeVisible();
  await runs.all.getByRole('button', { name: 'On stripes', exact: true }).click();
  await runs.goOn.click();
  await expect(runs.all.getByText(/^done at step 40/)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: /^Model:/ }).click();
  await page.getByRole('button', { name: 'From stripes', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Model: From stripes, 8 × 8' })).toBeVisible();
  await expect(runs.notices).toBeEmpty();
});

test('what a newer version has kept is not listed, and a sentence says that it is there', async ({ runs, page }) => {
  await keep(page, 99);
  await runs.open('backend=wasm');
  const train = new TrainPage(page);
  await expect(
    train.data.getByText(
      '3 things that are kept here cannot be read, being damaged or of a newer version of this page',
    ),
  ).toBeVisible();
  await expect(train.list).toHaveCount(0);
  await expect(runs.all.getByText('No run is kept in this browser yet.')).toBeVisible();
  await expect(runs.notices).toBeEmpty();
});
