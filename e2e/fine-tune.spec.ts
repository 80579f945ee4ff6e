/** Fine-tuning in the tab: a run goes on from another one, learns the classes, and then says what the drawing shows. */
import { CompletePage } from './complete-page.ts';
import { axe } from './helpers.ts';
import { expect, SHORT, SHORT_NAME, test } from './run-page.ts';

test('a run is taught classes, tells its accuracy, and labels the drawing in Complete', async ({ runs, page }) => {
  test.setTimeout(120_000);
  page.on('dialog', (dialog) => void dialog.accept());
  await runs.open();
  await runs.write({ ...SHORT, Steps: 20 });
  await runs.startOnBundled();
  await expect(runs.all.getByText(/^done/)).toBeVisible({ timeout: 60_000 });

  const start = runs.setup.getByRole('combobox', { name: 'Start from' });
  await start.selectOption({ label: `${SHORT_NAME} (16 × 16)` });
  await expect(runs.setup.getByRole('combobox', { name: 'Size of the model' })).toBeHidden();
  await expect(runs.setup.getByRole('textbox', { name: 'Learning rate' })).toHaveValue('0.0003');
  await runs.setup.getByRole('switch', { name: 'Learn the classes too' }).click();
  await runs.setup.getByRole('button', { name: 'Start training' }).click();
  await expect(runs.all.getByRole('button', { name: 'fine-tuned on CIFAR-10', exact: true })).toBeVisible();
  await expect(runs.run.getByText(/^at best \d+\.\d %, at step \d+$/)).toBeVisible({ timeout: 60_000 });
  await expect(runs.run.getByText('Accuracy', { exact: true }).first()).toBeVisible();
  await axe(page);

  await runs.act('fine-tuned on CIFAR-10', 'Use in Complete');
  const complete = new CompletePage(page);
  await expect(complete.model).toHaveAccessibleName('Model: fine-tuned on CIFAR-10');
  const shown = page.getByRole('region', { name: 'What the drawing shows' });
  await expect(shown).toContainText('Where no pixel is left out');
  await page.getByRole('button', { name: 'Hide a part' }).click();
  await page.getByRole('menuitem', { name: 'Nothing' }).click();
  await expect(shown.getByRole('listitem')).toHaveCount(3);
  await expect(shown.getByRole('listitem').first()).toContainText(/^[a-z]+\d+\.\d %$/);
  await axe(page);
});
