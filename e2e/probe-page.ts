/** The Probe workspace as a person meets it: what is chosen, how far it is, its charts and its numbers. */
import type { Download, Locator, Page } from '@playwright/test';
import { officialCifar } from '../workers/data/testing.ts';
import { CompletePage } from './complete-page.ts';
import { expect, test as watched } from './helpers.ts';
import { fixture } from './model-files.ts';
import { TrainPage } from './train-page.ts';

export { expect };

/** The watched test with the workspace at hand. */
export const test = watched.extend<{ probe: ProbePage }>({
  probe: async ({ page }, use) => use(new ProbePage(page)),
});

/** A tiny model of one's own, and the one that the page brings along, as the chooser calls them. */
export const OWN = '2 layers, width 32, 8 × 8';
export const SHIPPED = 'CIFAR-10, 16 × 16';

const RECORD = 3073;

/** The first pictures of the official files. */
export async function cifar(train: number, test: number): Promise<Record<string, Uint8Array>> {
  const [learnt, judged] = [await officialCifar('data_batch_1'), await officialCifar('test_batch')];
  return {
    'data_batch_1.bin': learnt.slice(0, train * RECORD),
    'test_batch.bin': judged.slice(0, test * RECORD),
  };
}

export class ProbePage {
  /** The data panel, which Train has too. */
  readonly data: TrainPage;
  /** Some pictures of the chosen data set. */
  readonly sheet: Locator;
  readonly setup: Locator;
  readonly result: Locator;
  readonly layer: Locator;
  readonly notices: Locator;
  readonly start: Locator;
  readonly cancel: Locator;
  readonly progress: Locator;
  /** How the last probe ended. */
  readonly outcome: Locator;
  readonly chart: Locator;
  /** The layer that is looked at. */
  readonly layerSlider: Locator;

  constructor(readonly page: Page) {
    this.data = new TrainPage(page);
    this.sheet = this.data.data.getByRole('img', { name: /^\d+ pictures of/ });
    this.setup = page.getByRole('region', { name: 'What to probe' });
    this.result = page.getByRole('region', { name: 'Probe', exact: true });
    this.layer = page.getByRole('region', { name: 'One layer' });
    this.notices = page.getByRole('region', { name: 'Notices' });
    this.start = this.result.getByRole('button', { name: 'Start probing' });
    this.cancel = this.result.getByRole('button', { name: 'Cancel' });
    this.progress = this.result.getByRole('progressbar', { name: /^Probing / });
    this.outcome = this.result.getByText(/^(Probed on|Stopped:)/);
    this.chart = this.result.locator('.u-wrap canvas');
    this.layerSlider = this.layer.getByRole('slider', { name: 'Layer' });
  }

  async open(): Promise<void> {
    await this.page.goto('/#probe');
    await expect(this.data.button('Choose files')).toBeEnabled();
    await expect(this.setup).toBeVisible();
  }

  /** Opens it with some pictures of CIFAR-10. */
  async openWith(train: number, test: number): Promise<void> {
    await this.open();
    await this.addPictures(train, test);
    await expect(this.start).toBeEnabled({ timeout: 60_000 });
  }

  /** The same with a tiny model, which is probed within seconds. */
  async openTiny(train = 200, test = 100, settings = ''): Promise<void> {
    await new CompletePage(this.page).open(settings);
    await this.openTinyHere(train, test);
  }

  /** The same from the page as it is open. */
  async openTinyHere(train: number, test: number): Promise<void> {
    const complete = new CompletePage(this.page);
    await complete.openModel(fixture('f16-2x32x4'));
    await expect(complete.model).toHaveAccessibleName(`Model: ${OWN}`, { timeout: 60_000 });
    await this.page.getByRole('tab', { name: 'Probe' }).click();
    await expect(this.choice('Models', OWN)).toHaveAttribute('aria-pressed', 'true');
    await this.addPictures(train, test);
  }

  /** Adds the first pictures of the official files. */
  async addPictures(train: number, test: number): Promise<void> {
    await this.data.pick(await cifar(train, test));
    await expect(this.sheet).toBeVisible();
  }

  choice(group: string, name: string): Locator {
    return this.setup.getByRole('toolbar', { name: group }).getByRole('button', { name, exact: true });
  }

  view(name: 'By layer' | 'Against loss' | 'By labels'): Locator {
    return this.result.getByRole('radio', { name });
  }

  async ends(within = 180_000): Promise<void> {
    await expect(this.outcome).toContainText('Probed on', { timeout: within });
  }

  /** How many layers have been probed of the curve that is looked at; at least two can be chosen from. */
  async layers(): Promise<number> {
    const last = this.layerSlider;
    return (await last.count()) === 0 ? 0 : Number(await last.getAttribute('aria-valuemax')) + 1;
  }

  /** A row of the table of best layers, by the name of its features: layer and accuracy. */
  async best(name: string): Promise<string[]> {
    const row = this.result.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name, exact: true }) });
    return row.getByRole('cell').allInnerTexts();
  }

  /** The chart as a spreadsheet reads it: a list for each row, the head first. */
  async csv(): Promise<string[][]> {
    return table(await this.saved('Save as CSV'));
  }

  async saved(action: 'Save as PNG' | 'Save as SVG' | 'Save as CSV'): Promise<Download> {
    const download = this.page.waitForEvent('download');
    await this.result.getByRole('button', { name: /^Save the chart/ }).click();
    await this.page.getByRole('menuitem', { name: action }).click();
    return download;
  }

  /** What a browser finds in a drawing: its words, and the points of its lines. Fails on what is no XML. */
  drawn(svg: string): Promise<{ texts: string[]; lines: number[][][] }> {
    return this.page.evaluate((text) => {
      const file = new DOMParser().parseFromString(text, 'image/svg+xml');
      if (file.querySelector('parsererror')) throw new Error(file.documentElement.textContent ?? '');
      return {
        texts: [...file.querySelectorAll('text')].map(({ textContent }) => textContent ?? ''),
        lines: [...file.querySelectorAll('polyline')].map(({ points }) => [...points].map(({ x, y }) => [x, y])),
      };
    }, svg);
  }

  /** What the chart says under the pointer at a layer of so many. */
  async hover(layer: number, layers: number): Promise<string[]> {
    const plot = this.result.locator('.u-over');
    await plot.scrollIntoViewIfNeeded();
    const { width, height } = (await plot.boundingBox())!;
    const margin = 0.03;
    await plot.hover({ position: { x: (width * (layer / layers + margin)) / (1 + 2 * margin), y: height / 2 } });
    await expect(this.result.locator('.u-legend .u-value').first()).toHaveText(String(layer));
    return this.result.locator('.u-legend .u-value').allInnerTexts();
  }
}

export async function table(download: Download): Promise<string[][]> {
  let text = '';
  for await (const part of await download.createReadStream()) text += part;
  const cells = /("(?:[^"]|"")*"|[^,]*)(?:,|$)/g;
  return text
    .trimEnd()
    .split('\n')
    .map((row) =>
      Array.from(row.matchAll(cells), ([, cell]) => cell.replace(/^"(.*)"$/, '$1').replaceAll('""', '"')).slice(
        0,
        // The end of a line is found once more after its last cell.
        row.endsWith(',') ? undefined : -1,
      ),
    );
}
