/** The Complete workspace as a person meets it: its parts by their names, its pictures by their colours. */

import type { Locator, Page } from '@playwright/test';
import { encodeDrawing } from '../src/canvas/drawingCode.ts';
import { UNKNOWN } from '../workers/contract.ts';
import { expect, test as watched } from './helpers.ts';

export { expect };

/** Every pixel of a square picture in reading order: "#rrggbb", or "unknown" where nothing is drawn. */
export type Colours = string[];

/** Column and row, from 0 at the top left. */
export interface Cell {
  x: number;
  y: number;
}

/** The settings of a link whose drawing lacks only its last row, so that it is quickly completed. */
const QUICK = `n=1&d=${encodeDrawing({
  side: 16,
  tokens: Int16Array.from({ length: 256 }, (_, i) => (i < 240 ? (i * 7) % 512 : UNKNOWN)),
})}`;

/** The watched test with the workspace at hand. */
export const test = watched.extend<{ complete: CompletePage }>({
  complete: async ({ page }, use) => use(new CompletePage(page)),
});

export class CompletePage {
  readonly drawing: Locator;
  readonly start: Locator;
  readonly stop: Locator;
  /** How the last completion ended, for screen readers; empty while one runs. */
  readonly outcome: Locator;
  readonly inspector: Locator;
  /** The chosen picture, enlarged. */
  readonly lens: Locator;
  readonly model: Locator;
  readonly device: Locator;
  readonly notices: Locator;
  readonly seed: Locator;

  constructor(readonly page: Page) {
    this.drawing = page.getByRole('region', { name: 'Pixel editor' }).getByRole('application');
    this.start = page.getByRole('button', { name: 'Complete', exact: true });
    this.stop = page.getByRole('button', { name: 'Stop', exact: true });
    this.outcome = page.getByRole('status');
    this.inspector = page.getByRole('region', { name: 'Inspect' });
    this.lens = this.inspector.getByRole('application');
    this.model = page.getByRole('button', { name: /^Model:/ });
    this.device = page.getByRole('button', { name: /^Device:/ });
    this.notices = page.getByRole('region', { name: 'Notices' });
    this.seed = page.getByRole('textbox', { name: 'Seed' });
  }

  /** Opens the page; `settings` as a link carries them, e.g. "n=2&seed=5". */
  async open(settings = ''): Promise<void> {
    await this.page.goto(`/#complete?${settings}`);
  }

  /** Opens the page and waits for the completion that it makes by itself. */
  async openCompleted(settings = ''): Promise<void> {
    await this.open(settings);
    await this.completed();
  }

  /** The same where it does not matter what is drawn. */
  async openQuickly(): Promise<void> {
    await this.openCompleted(QUICK);
  }

  async completed(timeout = 60_000): Promise<void> {
    await expect(this.outcome).toContainText('Done in', { timeout });
  }

  /** Completes the drawing as it is. */
  async run(timeout?: number): Promise<void> {
    await this.start.click();
    await this.completed(timeout);
  }

  /** A completion by its number from 1, or the original beside them. */
  card(which: number | 'Original'): Locator {
    const name = which === 'Original' ? which : `Completion ${which}`;
    return this.page.getByRole('application', { name: new RegExp(`^${name}\\.`) });
  }

  get cards(): Locator {
    return this.page.getByRole('application', { name: /^Completion \d+\./ });
  }

  /** The colours of all completions, in their order. */
  async completions(): Promise<Colours[]> {
    return Promise.all((await this.cards.all()).map(coloursOf));
  }

  async drawn(): Promise<Colours> {
    return coloursOf(this.drawing);
  }

  /** The bits per pixel that stand below a picture, as soon as they do. */
  async bits(which: number | 'Original'): Promise<number> {
    const figure = this.page.getByRole('figure').filter({ has: this.card(which) });
    const bits = figure.getByTitle(/^Mean surprise/);
    await expect(bits).toContainText(/\d\.\d\d/, { timeout: 60_000 });
    return Number.parseFloat(await bits.innerText());
  }

  /** Where a cell's middle lies on the screen. */
  async middleOf(picture: Locator, { x, y }: Cell): Promise<Cell> {
    await picture.scrollIntoViewIfNeeded();
    const side = Math.sqrt((await coloursOf(picture)).length);
    const box = await picture.locator('canvas').boundingBox();
    if (!box) throw new Error('The picture is not on the screen.');
    return { x: box.x + ((x + 0.5) / side) * box.width, y: box.y + ((y + 0.5) / side) * box.height };
  }

  /** Draws from cell to cell with the mouse, in one stroke. */
  async stroke(...cells: Cell[]): Promise<void> {
    const points: Cell[] = [];
    for (const cell of cells) points.push(await this.middleOf(this.drawing, cell));
    await this.page.mouse.move(points[0].x, points[0].y);
    await this.page.mouse.down();
    for (const point of points.slice(1)) await this.page.mouse.move(point.x, point.y, { steps: 4 });
    await this.page.mouse.up();
  }

  async pointAt(picture: Locator, cell: Cell): Promise<void> {
    const { x, y } = await this.middleOf(picture, cell);
    await this.page.mouse.move(x, y);
  }

  async choose(radio: string): Promise<void> {
    await this.page.getByRole('radio', { name: radio, exact: true }).click();
  }

  /** Takes the colour at a place of the palette and returns it. */
  async takeColour(place: number): Promise<string> {
    await this.page.getByRole('button', { name: /Show all colours$/ }).click();
    const colours = this.page.getByRole('listbox');
    const option = colours.getByRole('option').nth(place);
    const name = await option.getAttribute('aria-label');
    await option.click();
    await expect(colours).toBeHidden();
    return name!.split(', ')[1];
  }

  /** Hides a part of the picture, by the name in the menu. */
  async hide(part: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Hide a part' }).click();
    await this.page.getByRole('menuitem', { name: part, exact: true }).click();
  }

  /** Moves a slider to a number, by its keys. */
  async slide(label: string, value: number): Promise<void> {
    const thumb = this.page.getByRole('slider', { name: label, exact: true });
    const now = async () => Number(await thumb.getAttribute('aria-valuenow'));
    await thumb.press('Home');
    while ((await now()) < value) await thumb.press('ArrowRight');
    expect(await now(), label).toBe(value);
  }

  /** Unfolds top-k, top-p and look-ahead. */
  async showMoreSettings(): Promise<void> {
    await this.page.getByRole('button', { name: 'More', exact: true }).click();
  }

  /** A completion's menu entry. */
  async pick(which: number | 'Original', entry: string): Promise<void> {
    const name = which === 'Original' ? which : `Completion ${which}`;
    await this.page.getByRole('button', { name: `${name}: use, save, share` }).click();
    await this.page.getByRole('menuitem', { name: entry, exact: true }).click();
  }

  /** A sentence that the page says to the person. */
  notice(sentence: string | RegExp): Locator {
    return this.notices.getByText(sentence);
  }

  /** Opens a picture as the button does. */
  async openPicture(name: string, mimeType: string, buffer: Buffer): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: 'Open picture' }).click();
    await (await chooser).setFiles({ name, mimeType, buffer });
  }

  /** Opens a model from files, by name. */
  async openModel(files: Map<string, Uint8Array>): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.model.click();
    await this.page.getByRole('button', { name: 'Open files' }).click();
    const list = [...files].map(([name, bytes]) => ({
      name,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(bytes),
    }));
    await (await chooser).setFiles(list);
  }
}

/** The colours that a picture shows. */
export function coloursOf(picture: Locator): Promise<Colours> {
  return picture.locator('canvas').evaluate(readColours);
}

/** In the page: the colours of a picture's canvas. Unknown pixels are known by the checkers that stand for them. */
export function readColours(element: Element): Colours {
  const canvas = element as HTMLCanvasElement;
  const hex = (rgba: Uint8ClampedArray) =>
    `#${[...rgba.slice(0, 3)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  const style = getComputedStyle(document.documentElement);
  const checkers = ['--unknown-a', '--unknown-b'].map((name) => style.getPropertyValue(name).trim());
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  return Array.from({ length: canvas.width * canvas.height }, (_, i) => {
    const colour = hex(data.subarray(4 * i, 4 * i + 4));
    const checker = checkers[((i % canvas.width) + Math.floor(i / canvas.width)) % 2];
    return colour === checker ? 'unknown' : colour;
  });
}
