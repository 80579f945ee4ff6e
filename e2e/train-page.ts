/** The Train workspace as a person meets it: its parts by their names, files as they are dropped or picked. */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test as watched } from './helpers.ts';

export { expect };

/** The watched test with the workspace at hand. */
export const test = watched.extend<{ train: TrainPage }>({
  train: async ({ page }, use) => use(new TrainPage(page)),
});

export class TrainPage {
  readonly data: Locator;
  readonly heading: Locator;
  /** The stored data sets, one of them chosen. */
  readonly list: Locator;
  readonly name: Locator;
  readonly notices: Locator;
  /** What of its storage the browser says is in use. */
  readonly use: Locator;
  readonly fitting: Locator;
  /** How far data has been read. */
  readonly reading: Locator;

  constructor(readonly page: Page) {
    this.data = page.getByRole('region', { name: 'Data', exact: true });
    this.heading = page.getByRole('heading', { name: 'Data', exact: true });
    this.list = this.data.getByRole('group', { name: 'Data sets in this browser' }).getByRole('radio');
    this.name = this.data.getByRole('textbox', { name: 'Name of the data set' });
    this.notices = page.getByRole('region', { name: 'Notices' });
    this.use = this.data.getByText("of this browser's storage are in use");
    this.reading = this.data.getByRole('progressbar', { name: 'Reading data' });
    this.fitting = this.data.getByRole('progressbar', { name: 'Fitting a palette' });
  }

  async open(): Promise<void> {
    await this.page.goto('/#train');
    await expect(this.button('Choose files')).toBeEnabled();
  }

  button(name: string | RegExp): Locator {
    return this.data.getByRole('button', { name, exact: true });
  }

  /** The pictures of the chosen data set, by their number. */
  sheet(count: number): Locator {
    return this.data.getByRole('img', { name: new RegExp(`^${count} pictures of`) });
  }

  side(pixels: number): Locator {
    return this.data.getByRole('radio', { name: String(pixels), exact: true });
  }

  palette(name: 'Fitted to the data' | "The model's palette"): Locator {
    return this.data.getByRole('radio', { name });
  }

  swatches(colours: number): Locator {
    return this.data.getByRole('img', { name: `Palette of ${colours} colours` });
  }

  /** How close the palette comes, as soon as it is told. */
  async decibels(): Promise<number> {
    const told = this.data.getByText(/^PSNR \d+\.\d dB$/);
    await expect(told).toBeVisible({ timeout: 60_000 });
    return Number.parseFloat((await told.innerText()).slice('PSNR '.length));
  }

  async fitPalette(): Promise<void> {
    await this.button(/^Fit (a palette|again)$/).click();
    await expect(this.button('Fit again')).toBeVisible({ timeout: 60_000 });
  }

  /** Opens files as the button does. */
  async pick(files: Record<string, Uint8Array>): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.button('Choose files').click();
    const list = Object.entries(files).map(([name, bytes]) => ({
      name,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(bytes),
    }));
    await (await chooser).setFiles(list);
  }
}

/** Puts files on the disk, to be dropped from there. */
export async function writeFiles(folder: string, files: Record<string, Uint8Array>): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

/** Drops files and folders of this machine onto the middle of something, as the system would. */
export async function drop(target: Locator, ...paths: string[]): Promise<void> {
  await target.scrollIntoViewIfNeeded();
  const page = target.page();
  const box = (await target.boundingBox())!;
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, ...at, data });
  const heard = await page.evaluateHandle(() => {
    const drags = { over: 0 };
    addEventListener('dragover', () => drags.over++);
    return drags;
  });
  await drag('dragEnter');
  // The page's answer to one decides what becomes of a drop, and comes late where the machine is busy.
  await expect
    .poll(async () => {
      await drag('dragOver');
      return heard.evaluate(({ over }) => over);
    })
    .toBeGreaterThan(1);
  await drag('drop');
  await session.detach();
}

/** The RGB bytes of each tile of a sheet, in reading order. */
export function tilesOf(sheet: Locator, side: number): Promise<number[][]> {
  return sheet.evaluate((element, side) => {
    const canvas = element as HTMLCanvasElement;
    const context = canvas.getContext('2d')!;
    const columns = canvas.width / side;
    return Array.from({ length: columns * (canvas.height / side) }, (_, i) => {
      const column = i % columns;
      const row = Math.floor(i / columns);
      const { data } = context.getImageData(column * side, row * side, side, side);
      return [...data].filter((_, at) => at % 4 < 3);
    });
  }, side);
}
