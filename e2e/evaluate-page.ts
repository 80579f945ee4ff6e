/** Evaluation as a person meets it: the other view of the Probe workspace. */
import type { Download, Locator, Page } from '@playwright/test';
import { expect, test as watched } from './helpers.ts';
import { cifar, OWN, ProbePage, SHIPPED, table } from './probe-page.ts';

export { cifar, expect, OWN, SHIPPED, table };

/** The watched test with the view at hand. */
export const test = watched.extend<{ evaluation: EvaluatePage }>({
  evaluation: async ({ page }, use) => use(new EvaluatePage(page)),
});

export class EvaluatePage {
  readonly probe: ProbePage;
  readonly view: Locator;
  readonly setup: Locator;
  readonly result: Locator;
  readonly one: Locator;
  readonly start: Locator;
  readonly cancel: Locator;
  readonly progress: Locator;
  /** How the last evaluation ended. */
  readonly outcome: Locator;
  /** The pictures that were drawn. */
  readonly samples: Locator;
  /** Samples beside the training pictures nearest to them. */
  readonly nearest: Locator;

  constructor(readonly page: Page) {
    this.probe = new ProbePage(page);
    this.view = page.getByRole('radio', { name: 'Likelihood and samples' });
    this.setup = page.getByRole('region', { name: 'What to evaluate' });
    this.result = page.getByRole('region', { name: 'Evaluation', exact: true });
    this.one = page.getByRole('region', { name: 'One model' });
    this.start = this.result.getByRole('button', { name: 'Start evaluating' });
    this.cancel = this.result.getByRole('button', { name: 'Cancel' });
    this.progress = this.result.getByRole('progressbar', { name: /^Evaluating / });
    this.outcome = this.result.getByText(/^(Evaluated on|Stopped)/);
    this.samples = this.result.getByRole('img', { name: /^\d+ pictures drawn by / });
    this.nearest = this.result.getByRole('region', { name: 'Nearest training pictures' });
  }

  /** Opens it with a tiny model, which is evaluated within seconds, and some pictures of CIFAR-10. */
  async openTiny(train = 200, test = 140): Promise<void> {
    await this.probe.openTiny(train, test);
    await this.view.click();
    await expect(this.start).toBeEnabled({ timeout: 60_000 });
  }

  /** The same with the model that the page brings along. */
  async openWith(train: number, test: number): Promise<void> {
    await this.probe.openWith(train, test);
    await this.view.click();
    await expect(this.start).toBeEnabled();
  }

  choice(group: string, name: string): Locator {
    return this.setup.getByRole('toolbar', { name: group }).getByRole('button', { name, exact: true });
  }

  async write(label: string, value: number): Promise<void> {
    await this.setup.getByRole('textbox', { name: label, exact: true }).fill(String(value));
  }

  async ends(): Promise<void> {
    await expect(this.outcome).toContainText('Evaluated on', { timeout: 180_000 });
  }

  /** A row of the table of models: its cells, each in its lines. */
  async row(name: string): Promise<string[][]> {
    const row = this.result.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name, exact: true }) });
    return (await row.getByRole('cell').allInnerTexts()).map((text) => text.split('\n').map((line) => line.trim()));
  }

  async downloaded(click: Locator): Promise<Download> {
    const download = this.page.waitForEvent('download');
    await click.click();
    return download;
  }
}
