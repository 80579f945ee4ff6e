/** Data of one's own, as a person brings it into the Train workspace, looks at it, and gives it a side and a palette. */

import type { Page } from '@playwright/test';
import { zipSync } from 'fflate';
import { CIFAR10_RECORD, cifar10Path } from '../tools/cifar10.ts';
import { fromRowPlanes } from '../workers/data/planes.ts';
import { gzip, officialCifar, png, tar } from '../workers/data/testing.ts';
import { CompletePage } from './complete-page.ts';
import { records } from './pictures.ts';
import { drop, expect, test, tilesOf, writeFiles } from './train-page.ts';

/** 20 × 20 pixels of one colour. */
const plain = (...rgb: number[]) =>
  png(
    Uint8Array.from({ length: 1200 }, (_, i) => rgb[i % 3]),
    20,
  );
const PETS = {
  'cat/1.png': plain(200, 10, 10),
  'cat/2.png': plain(210, 10, 10),
  'dog/1.png': plain(10, 10, 200),
};

test('a real shard, dropped anywhere on Train, is there as a sheet of a hundred pictures, also after a reload', async ({
  train,
  page,
}) => {
  const shard = await officialCifar('data_batch_1');
  const labels = new Map<string, number>();
  const rgb = new Uint8Array(3072);
  for (let at = 0; at < shard.length; at += CIFAR10_RECORD) {
    fromRowPlanes(shard, at + 1, rgb, 0, 32);
    labels.set(String(rgb), shard[at]);
  }
  const expectSheet = async () => {
    await expect(train.sheet(100)).toBeVisible({ timeout: 60_000 });
    const tiles = await tilesOf(train.sheet(100), 32);
    // A row for each class, in their order.
    expect(tiles.map((tile) => labels.get(String(tile)))).toEqual(tiles.map((_, i) => Math.floor(i / 10)));
    expect(new Set(tiles.map(String)).size).toBe(100);
    await expect(page.getByRole('list', { name: 'Classes' })).toContainText('airplane');
  };
  await train.open();
  await drop(page.getByRole('heading', { level: 1 }), cifar10Path('data_batch_1'));
  await expectSheet();
  await expect(train.list).toHaveCount(1);
  await expect(train.list).toHaveAccessibleName('CIFAR-10 10,000 of 32 × 32, 30.8 MB');
  await page.reload();
  await expectSheet();
});

test('an archive and a folder of pictures are dropped like files', async ({ train }, testInfo) => {
  const packed = await gzip(await tar({ 'cifar/data_batch_1.bin': records(40), 'cifar/test_batch.bin': records(10) }));
  await writeFiles(testInfo.outputDir, { 'cifar-10-binary.tar.gz': packed, ...folder('pets', PETS) });
  await train.open();
  await drop(train.heading, testInfo.outputPath('cifar-10-binary.tar.gz'));
  await expect(train.sheet(50)).toBeVisible();
  await expect(train.data.getByRole('list', { name: 'Parts' }).getByRole('listitem')).toHaveText([
    /data_batch_1\.bin\s*40/,
    /test_batch\.bin\s*10/,
  ]);
  await drop(train.sheet(50), testInfo.outputPath('pets'));
  await expect(train.name).toHaveValue('pets');
  await expect(train.sheet(3)).toBeVisible();
  await expect(train.list).toHaveCount(2);
});

test('a zip of pictures in class folders has the classes of its folders, and its pictures under them', async ({
  train,
  page,
}) => {
  await train.open();
  await train.pick({ 'pets.zip': zipSync({ ...PETS, 'LICENSE.md': new Uint8Array(10).fill(65) }) });
  await expect(train.sheet(3)).toBeVisible();
  await expect(page.getByRole('list', { name: 'Classes' }).getByRole('listitem')).toHaveText(['cat', 'dog']);
  const tiles = await tilesOf(train.sheet(3), 20);
  expect(new Set([tiles[0][0], tiles[1][0]])).toEqual(new Set([200, 210]));
  expect(tiles[2].slice(0, 3)).toEqual([10, 10, 200]);
  await expect(train.notices).toContainText('No pictures or labels were read from pets.zip/LICENSE.md.');
});

test('a data set is renamed, split anew and deleted, and what is in use is told', async ({ train, page }) => {
  await train.open();
  await train.pick({ 'data_batch_1.bin': records(40) });
  await expect(train.sheet(40)).toBeVisible();
  await train.pick({ 'test_batch.bin': records(20) });
  await expect(train.sheet(20)).toBeVisible();
  await train.name.fill('Mine');
  await train.name.press('Enter');
  await expect(train.list.first()).toHaveAccessibleName(/^Mine /);
  const use = page.getByRole('radiogroup', { name: 'Use of test_batch.bin' });
  await use.getByRole('radio', { name: 'Train' }).click();
  await expect(use.getByRole('radio', { name: 'Train' })).toBeChecked();
  const [inUse] = (await train.use.innerText()).split(' of ');
  await page.reload();
  await expect(train.name).toHaveValue('Mine');
  await expect(use.getByRole('radio', { name: 'Train' })).toBeChecked();

  await train.button('Delete').click();
  await train.button('Keep').click();
  await expect(train.list).toHaveCount(2);
  await train.button('Delete').click();
  await train.button('Delete for good').click();
  await expect(train.list).toHaveCount(1);
  await expect(train.sheet(40)).toBeVisible();
  await expect(train.use).not.toContainText(`${inUse} of`);
  await page.reload();
  await expect(train.sheet(40)).toBeVisible();
  await expect(train.list).toHaveCount(1);
});

test('the first shard of CIFAR-10 is one click away, with progress, and can be called off', async ({ train, page }) => {
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/cifar10/data_batch_1.bin', async (route) => {
    await held;
    await route.continue();
  });
  await train.open();
  const one = train.button('10,000 of CIFAR-10 (30.7 MB)');
  await one.click();
  await expect(train.reading).toBeVisible();
  await expect(one).toBeDisabled();
  await train.button('Cancel').click();
  await expect(one).toBeEnabled();
  await expect(train.list).toHaveCount(0);
  release();
  await one.click();
  await expect(train.sheet(100)).toBeVisible({ timeout: 60_000 });
  await expect(train.list).toHaveAccessibleName('CIFAR-10 10,000 of 32 × 32, 30.8 MB');
  await expect(train.notices).toBeEmpty();
});

const wrongLabel = records(20);
wrongLabel[3 * CIFAR10_RECORD] = 200;
const whole = zipSync(PETS);
const bad: { what: string; files: Record<string, Uint8Array>; sentence: string | RegExp }[] = [
  {
    what: 'a shard with a label that does not exist',
    files: { 'bad.bin': wrongLabel },
    sentence: /^bad\.bin .*its record 3 \(from 0, at byte 9219\) has the label 200/,
  },
  { what: 'an empty file', files: { 'empty.bin': new Uint8Array() }, sentence: 'empty.bin is empty: it has 0 bytes.' },
  {
    what: 'an archive that breaks off',
    files: { 'pets.zip': whole.subarray(0, whole.length - 40) },
    sentence: /^pets\.zip /,
  },
  {
    what: 'a text',
    files: { 'notes.txt': Buffer.from('Dear diary, today I drew nothing.') },
    sentence: /^notes\.txt has no pictures that can be read\./,
  },
];

for (const { what, files, sentence } of bad) {
  test(`${what} is refused in one sentence that names it, and what was stored stays`, async ({ train, page }) => {
    await train.open();
    await train.pick({ 'data_batch_1.bin': records(40) });
    await expect(train.sheet(40)).toBeVisible();
    await train.pick(files);
    await expect(train.notices.getByText(sentence)).toBeVisible();
    await expect(train.notices.getByRole('button', { name: 'Dismiss' })).toHaveCount(1);
    await expect(train.sheet(40)).toBeVisible();
    await page.reload();
    await expect(train.sheet(40)).toBeVisible();
    await expect(train.list).toHaveCount(1);
  });
}

test('a palette is fitted with progress, can be called off, and comes the closer the more colours it has', async ({
  train,
  page,
}) => {
  await train.open();
  await drop(train.heading, cifar10Path('data_batch_1'));
  await expect(train.sheet(100)).toBeVisible({ timeout: 60_000 });
  // The model's own, at the model's side, without asking.
  await expect(train.palette("The model's palette")).toBeChecked({ timeout: 60_000 });
  await expect(train.side(16)).toBeChecked();
  await expect(train.swatches(512)).toBeVisible({ timeout: 60_000 });
  const own = await train.decibels();
  expect(own).toBeGreaterThan(30);
  await expect(page.getByRole('img', { name: 'Pictures as stored, 32 × 32' })).toBeVisible();
  const after = page.getByRole('img', { name: 'Pictures as the model sees them, 16 × 16' });
  expect(await after.evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.height])).toEqual([160, 16]);

  await train.palette('Fitted to the data').click();
  await expect(train.swatches(512)).toBeHidden();
  await train.button('Fit a palette').click();
  await expect(train.fitting).toBeVisible();
  await expect.poll(async () => Number(await train.fitting.getAttribute('aria-valuenow'))).toBeGreaterThan(0);
  await train.button('Cancel').click();
  await expect(train.button('Fit a palette')).toBeVisible();
  await expect(train.notices).toBeEmpty();

  await page.getByRole('slider', { name: 'Number of colours' }).press('Home');
  for (let i = 0; i < 6; i++) await page.getByRole('slider', { name: 'Number of colours' }).press('ArrowRight');
  await train.fitPalette();
  await expect(train.swatches(8)).toBeVisible();
  const few = await train.decibels();
  const colours = await tilesOf(after, 16);
  expect(new Set(colours.flatMap((tile) => pixels(tile))).size).toBeLessThanOrEqual(8);

  await page.getByRole('slider', { name: 'Number of colours' }).press('End');
  await train.fitPalette();
  await expect(train.swatches(512)).toBeVisible();
  await expect.poll(() => train.decibels()).toBeGreaterThan(few + 10);
  expect(await train.decibels()).toBeGreaterThan(own - 1);

  await train.side(8).click();
  await expect(page.getByRole('img', { name: 'Pictures as the model sees them, 8 × 8' })).toBeVisible();
  // Another workspace and back: all is as it was.
  await page.getByRole('tab', { name: 'About' }).click();
  await page.getByRole('tab', { name: 'Train' }).click();
  await expect(train.side(8)).toBeChecked();
  await expect(train.palette('Fitted to the data')).toBeChecked();
  await expect(train.swatches(512)).toBeVisible();
  await expect(train.sheet(100)).toBeVisible();
});

test('data can be managed while the model is on its way, and a palette fitted', async ({ train, page }) => {
  await page.route('**/model.safetensors', () => {});
  await train.open();
  await train.pick({ 'data_batch_1.bin': records(60) });
  await expect(train.sheet(60)).toBeVisible();
  await expect(train.data.getByText('The model is being loaded.')).toBeVisible();
  await train.palette('Fitted to the data').click();
  await train.fitPalette();
  expect(await train.decibels()).toBeGreaterThan(20);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test.describe('where the model cannot be fetched', () => {
  test.use({ allowedComplaints: /Failed to load resource: .* 503 .*model\.safetensors/ });

  test('data can be managed all the same, and the palette is one to fit', async ({ train, page }) => {
    await page.route('**/model.safetensors', (route) => route.fulfill({ status: 503 }));
    await train.open();
    await expect(train.notices.getByText('could not be fetched (status 503)')).toBeVisible();
    await train.pick({ 'data_batch_1.bin': records(60) });
    await expect(train.sheet(60)).toBeVisible();
    await expect(train.palette('Fitted to the data')).toBeChecked();
    await train.fitPalette();
    await train.button('Delete').click();
    await train.button('Delete for good').click();
    await expect(train.list).toHaveCount(0);
  });
});

test.describe('where a part of the page cannot be fetched', () => {
  test.use({
    allowedComplaints:
      /Failed to load resource: .*(TrainWorkspace|datasets)-|Unable to preload CSS|h is not a function/,
  });

  test('a sentence says so, and another attempt may succeed', async ({ train, page }) => {
    const asked = await failing(page, '**/TrainWorkspace-*');
    await page.goto('/#train');
    await expect(page.getByRole('alert')).toContainText('This part of the page could not be loaded');
    // The rest goes on.
    await page.getByRole('tab', { name: 'Complete' }).click();
    await expect(page.getByRole('tabpanel', { name: 'Complete' })).toBeVisible();
    await page.getByRole('tab', { name: 'Train' }).click();
    expect(asked).not.toContain('script');
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(train.button('Choose files')).toBeEnabled();
    const styled = await page
      .locator('link[href*="TrainWorkspace-"][rel="stylesheet"]')
      .evaluate((link: HTMLLinkElement) => !!link.sheet);
    expect(styled).toBe(true);
  });

  test('one that fails while it runs is told in its own workspace', async ({ page }) => {
    const broken = "export const TrainWorkspace = () => { throw new Error('h is not a function'); };";
    await page.route('**/TrainWorkspace-*.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: broken }),
    );
    await page.goto('/#train');
    await expect(page.getByRole('alert')).toContainText('This part of the page has failed: h is not a function');
    await page.getByRole('tab', { name: 'About' }).click();
    await expect(page.getByRole('tabpanel', { name: 'About' }).getByRole('heading').first()).toBeVisible();
  });

  test('the readers of data are asked for again with the next files', async ({ train, page }) => {
    const asked = await failing(page, '**/datasets-*.js');
    await train.open();
    await expect(train.notices.getByText('The part of this page that reads data could not be loaded')).toBeVisible();
    expect(asked).not.toContain('script');
    await page.unrouteAll();
    await train.pick({ 'data_batch_1.bin': records(40) });
    await expect(train.sheet(40)).toBeVisible();
  });
});

test.describe('where the worker dies', () => {
  test.use({ allowedComplaints: /out of memory/ });

  test('the data is there again', async ({ train, page }) => {
    await train.open();
    await train.pick({ 'data_batch_1.bin': records(40) });
    await expect(train.swatches(512)).toBeVisible({ timeout: 60_000 });
    const [worker] = page.workers();
    await worker.evaluate(() => {
      setTimeout(() => {
        throw new Error('out of memory');
      });
    });
    await expect(train.notices.getByText('The model is being started again.')).toBeVisible();
    await train.pick({ 'test_batch.bin': records(20) });
    await expect(train.sheet(20)).toBeVisible();
    await expect(train.list).toHaveCount(2);
  });
});

test('a picture dropped on Train is data and no drawing, and one dropped on About is nothing', async ({
  train,
  page,
}, testInfo) => {
  await writeFiles(testInfo.outputDir, { 'cat.png': PETS['cat/1.png'] });
  const complete = new CompletePage(page);
  await complete.openQuickly();
  const drawn = await complete.drawn();
  await page.getByRole('tab', { name: 'About' }).click();
  await drop(page.getByRole('heading', { name: 'What Image GPT is' }), testInfo.outputPath('cat.png'));
  await page.getByRole('tab', { name: 'Train' }).click();
  await expect(train.button('Choose files')).toBeEnabled();
  await expect(train.list).toHaveCount(0);
  await drop(train.heading, testInfo.outputPath('cat.png'));
  await expect(train.sheet(1)).toBeVisible();
  await page.getByRole('tab', { name: 'Complete' }).click();
  expect(await complete.drawn()).toEqual(drawn);
  // A browser opens a file that nobody took beside the page, or in its place.
  expect(page.context().pages()).toEqual([page]);
  await expect(page).toHaveURL(/#complete/);
});

/**
 * Lets no such file come; gives what each was asked for as. What fails as a script stays failed in some browsers
 * (tools/fetch-before-import.ts).
 */
async function failing(page: Page, files: string): Promise<string[]> {
  const asked: string[] = [];
  await page.route(files, (route) => {
    asked.push(route.request().resourceType());
    return route.abort();
  });
  return asked;
}

/** The files under another folder. */
const folder = (name: string, files: Record<string, Uint8Array>) =>
  Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${name}/${path}`, bytes]));

/** The colours of a tile, pixel by pixel. */
const pixels = (tile: number[]) =>
  Array.from({ length: tile.length / 3 }, (_, i) => String(tile.slice(3 * i, 3 * i + 3)));
