/** Training as a person meets it: the recipe's fields, the run's buttons and figures, the list of runs. */
import type { Locator, Page } from '@playwright/test';
import { expect, test as watched } from './helpers.ts';

export { expect };

/** The watched test with the workspace at hand. */
export const test = watched.extend<{ runs: RunPage }>({
  runs: async ({ page }, use) => use(new RunPage(page)),
});

/** A recipe of which something can be seen within seconds on a software adapter. */
export const SHORT = {
  Layers: 1,
  Width: 32,
  Heads: 1,
  'Pictures a step': 8,
  'Judge every': 10,
  'Pictures to judge by': 16,
  'Draw every': 20,
  'Probe every': 0,
  'Save every': 10,
  'Keep weights every': 40,
};

/** What a run of that recipe on the bundled pictures is called. */
export const SHORT_NAME = '1 layer, width 32, on CIFAR-10';

export class RunPage {
  readonly run: Locator;
  readonly setup: Locator;
  readonly all: Locator;
  readonly notices: Locator;
  readonly pause: Locator;
  readonly goOn: Locator;
  readonly oneStep: Locator;
  readonly stop: Locator;
  readonly drawing: Locator;

  constructor(readonly page: Page) {
    this.run = page.getByRole('region', { name: 'Run', exact: true });
    this.setup = page.getByRole('region', { name: 'Model and recipe' });
    this.all = page.getByRole('region', { name: 'All runs' });
    this.notices = page.getByRole('region', { name: 'Notices' });
    this.pause = this.run.getByRole('button', { name: 'Pause' });
    this.goOn = this.run.getByRole('button', { name: 'Go on' });
    this.oneStep = this.run.getByRole('button', { name: 'One step' });
    this.stop = this.run.getByRole('button', { name: 'Stop', exact: true });
    this.drawing = this.run.getByRole('img', { name: /^Pictures drawn at step/ });
  }

  async open(query = ''): Promise<void> {
    await this.page.goto(`/#train${query && `?${query}`}`);
    await expect(this.page.getByRole('button', { name: 'Choose files' })).toBeEnabled();
  }

  /** Writes numbers into the fields of the recipe. */
  async write(fields: Record<string, number>): Promise<void> {
    const folded = this.setup.getByRole('button', { name: 'Recipe' });
    if ((await folded.getAttribute('aria-expanded')) !== 'true') await folded.click();
    for (const [name, value] of Object.entries(fields)) {
      await this.setup.getByRole('textbox', { name, exact: true }).fill(String(value));
    }
  }

  /** Starts on the pictures that the page brings along. A short run may be done before anyone has seen it run. */
  async startOnBundled(): Promise<void> {
    await this.run.getByRole('button', { name: /^Train on CIFAR-10/ }).click();
    await expect(this.pause.or(this.run.getByText(/^Step .*, done$/))).toBeVisible({ timeout: 120_000 });
  }

  /** Steps taken, as the page says. */
  async step(): Promise<number> {
    const told = await this.run.getByText(/^Step [\d,]+ of/).innerText();
    return Number(told.slice('Step '.length).split(' ')[0].replaceAll(',', ''));
  }

  async reaches(step: number, within = 90_000): Promise<void> {
    await expect.poll(() => this.step(), { timeout: within }).toBeGreaterThanOrEqual(step);
  }

  async pauseIt(): Promise<number> {
    await this.pause.click();
    await expect(this.goOn).toBeEnabled({ timeout: 60_000 });
    return this.step();
  }

  /** A figure by its name, e.g. "Training loss". */
  async figure(name: string): Promise<number> {
    const row = this.run.locator('dl > div').filter({ has: this.page.getByText(name, { exact: true }) });
    return Number.parseFloat((await row.locator('dd').innerText()).replaceAll(',', ''));
  }

  /** The course of the run as the page gives it to a spreadsheet. */
  async csv(name: string): Promise<string[][]> {
    const download = this.page.waitForEvent('download');
    await this.act(name, 'Metrics as CSV');
    const stream = await (await download).createReadStream();
    let text = '';
    for await (const part of stream) text += part;
    return text
      .trim()
      .split('\n')
      .map((row) => row.split(','));
  }

  async act(name: string, action: string): Promise<void> {
    await this.all.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
    await this.page.getByRole('menuitem', { name: action, exact: true }).click();
  }
}

/** Whether anything is drawn on a chart. */
export const inked = (chart: Locator): Promise<number> =>
  chart.evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let ink = 0;
    for (let i = 3; i < data.length; i += 4) ink += Number(data[i] > 0);
    return ink;
  });
