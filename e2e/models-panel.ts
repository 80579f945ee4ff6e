/** The panel with all models, behind the button that names the current one. */
import type { Locator, Page } from '@playwright/test';
import { expect } from './helpers.ts';

export class ModelsPanel {
  readonly panel: Locator;
  /** The list of the visitor's own models. */
  readonly own: Locator;
  /** What a large model takes. */
  readonly alert: Locator;
  readonly nameField: Locator;

  constructor(readonly page: Page) {
    this.panel = page.getByRole('dialog', { name: 'Models' });
    this.own = this.panel.getByRole('list', { name: 'Models of your own' });
    this.alert = this.panel.getByRole('alert');
    this.nameField = this.panel.getByRole('textbox', { name: 'Name of the model' });
  }

  async show(): Promise<void> {
    await this.page.getByRole('button', { name: /^Model:/ }).click();
    await expect(this.button('Open files')).toBeEnabled();
  }

  button(name: string | RegExp): Locator {
    return this.panel.getByRole('button', { name });
  }

  row(name: string): Locator {
    return this.panel.getByRole('listitem').filter({ hasText: name });
  }

  /** What opens a model. */
  opener(name: string): Locator {
    return this.row(name).getByRole('button', { name, exact: true });
  }

  /** An entry of a kept model's menu. */
  async act(model: string, entry: string): Promise<void> {
    await this.button(`Actions for ${model}`).click();
    await this.page.getByRole('menuitem', { name: entry }).click();
  }

  /** Opens a folder of this machine. */
  async openFolder(path: string): Promise<void> {
    await this.show();
    const chooser = this.page.waitForEvent('filechooser');
    await this.button('Open a folder').click();
    await (await chooser).setFiles(path);
  }
}
