/** A run whose pictures begin with their class, in the tab: trained on an uploaded shard, then asked for a ship in Complete. */
import type { Page } from '@playwright/test';
import { CIFAR_10_CLASSES } from '../workers/data/class-names.ts';
import { officialCifar } from '../workers/data/testing.ts';
import { CompletePage, coloursOf } from './complete-page.ts';
import { axe } from './helpers.ts';
import { fixture } from './model-files.ts';
import { pngPicture } from './pictures.ts';
import { expect, RunPage, test } from './run-page.ts';
import { TrainPage } from './train-page.ts';

const RECORD = 3073;
const NAME = 'nano on ships and others';
/** Nano, for as long as a software adapter takes to have something to show. */
const FEW = {
  Steps: 30,
  'Pictures a step': 8,
  'Judge every': 10,
  'Pictures to judge by': 16,
  'Draw every': 30,
  'Probe every': 0,
};

const byClass = ({ setup }: RunPage) => setup.getByRole('switch', { name: 'Begin pictures with their class' });
const choice = (page: Page) => page.getByRole('combobox', { name: 'Class', exact: true });
const card = (page: Page, which: number, name: string) =>
  page.getByRole('application', { name: new RegExp(`^Completion ${which}, ${name}\\.`) });

test('a model learns by class in the tab, shows one picture of each, and draws a ship in Complete', async ({
  page,
}) => {
  test.setTimeout(240_000);
  const [train, runs, complete] = [new TrainPage(page), new RunPage(page), new CompletePage(page)];
  await train.open();
  await train.pick({ 'data_batch_1.bin': (await officialCifar('data_batch_1')).slice(0, 600 * RECORD) });
  await expect(train.list).toHaveCount(1);
  await runs.write(FEW);
  await byClass(runs).click();
  await expect(runs.setup.getByText(/^To draw any of the 10 classes/)).toBeVisible();
  await runs.setup.getByRole('textbox', { name: 'Name of the run' }).fill(NAME);
  await runs.setup.getByRole('button', { name: 'Start training' }).click();
  await expect(runs.all.getByText(/^done/)).toBeVisible({ timeout: 120_000 });
  await expect(runs.all.getByText(/, by class/)).toBeVisible();
  await expect(runs.run.getByText(/bits\/pixel, given their class$/)).toBeVisible();
  const classes = runs.run.getByRole('list', { name: 'Their classes' }).getByRole('listitem');
  await expect(classes).toHaveCount(10);
  await expect(classes.nth(8)).toHaveText('ship');
  await axe(page);
  await runs.setup.getByRole('combobox', { name: 'Start from' }).selectOption({ label: `${NAME} (16 × 16)` });
  await byClass(runs).click();
  await expect(byClass(runs)).toHaveAccessibleDescription(
    /^The run starts from a model that knows classes, and leaves/,
  );

  await runs.act(NAME, 'Use in Complete');
  await expect(complete.model).toHaveAccessibleName(`Model: ${NAME}`);
  await expect(choice(page).getByRole('option')).toHaveText(['any', 'one after the other', ...CIFAR_10_CLASSES]);

  await choice(page).focus();
  await page.keyboard.type('ship');
  await page.keyboard.press('Enter');
  await expect(choice(page)).toHaveValue('ship');
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/[?&]class=ship\b/);
  await page.getByRole('button', { name: 'Hide a part' }).click();
  await page.getByRole('menuitem', { name: 'Everything' }).click();
  await complete.run(120_000);
  const ship = await coloursOf(card(page, 1, 'ship'));
  expect(ship).not.toContain('unknown');
  await axe(page);

  await choice(page).selectOption('any');
  await complete.run(120_000);
  expect(await coloursOf(complete.card(1))).not.toEqual(ship);
  await expect.poll(() => page.evaluate(() => location.hash)).not.toContain('class=');

  await choice(page).selectOption('one after the other');
  await complete.run(120_000);
  await expect(card(page, 1, 'airplane')).toBeVisible();
  await expect(card(page, 8, 'horse')).toBeVisible();
  await complete.choose('Attention');
  await expect(complete.inspector.getByText('Looks at the class, airplane')).toBeVisible();
  // Another model does not know classes, and is not asked for any.
  await complete.openModel(fixture('f16-2x32x4'));
  await expect(choice(page)).toBeHidden({ timeout: 60_000 });
});

test('pictures without labels, and BERT, are refused with one sentence', async ({ page }) => {
  const [train, runs] = [new TrainPage(page), new RunPage(page)];
  await train.open();
  const grey = (level: number) => pngPicture(16, 16, () => [level, level, level]);
  await train.pick({ 'a.png': grey(10), 'b.png': grey(100), 'c.png': grey(200) });
  await expect(train.list).toHaveCount(1);
  await expect(byClass(runs)).toHaveAccessibleDescription('For pictures with labels.');
  await byClass(runs).click();
  await runs.setup.getByRole('button', { name: 'Start training' }).click();
  await expect(runs.notices).toContainText(
    'The pictures to learn from have no labels: there are no classes to begin them with.',
  );
  await runs.notices.getByRole('button').first().click();
  await runs.setup.getByRole('radio', { name: 'BERT' }).click();
  await expect(byClass(runs)).toHaveAccessibleDescription('Not for BERT, which has no first symbol.');
  await expect(runs.setup.getByText(/^BERT has no first symbol that a class could stand for/)).toBeVisible();
  await runs.setup.getByRole('radio', { name: 'Autoregressive' }).click();
  // To be given the class and to be asked for it exclude each other.
  await runs.setup.getByRole('switch', { name: 'Learn the classes too' }).click();
  await expect(byClass(runs)).not.toBeChecked();
});
