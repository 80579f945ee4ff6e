/** The same page in two tabs: what one changes the other shows, and what one has taken away the other says in a sentence. */
import { CompletePage, expect } from './complete-page.ts';
import { fixture } from './model-files.ts';
import { ModelsPanel } from './models-panel.ts';
import { cifar } from './probe-page.ts';
import { RunPage, SHORT, SHORT_NAME, test } from './run-page.ts';
import { TrainPage } from './train-page.ts';

test('a data set that another tab adds, renames or deletes is listed, called and gone here too', async ({
  page,
  context,
}) => {
  const [here, there] = [new TrainPage(page), new TrainPage(await context.newPage())];
  await here.open();
  await there.open();
  await there.pick(await cifar(200, 100));
  await expect(there.list).toHaveCount(1);
  await expect(here.list).toHaveCount(1);
  await expect(here.sheet(100)).toBeVisible();
  await there.name.fill('Three hundred');
  await there.page.keyboard.press('Enter');
  await expect(here.name).toHaveValue('Three hundred');
  await there.button('Delete').click();
  await there.button('Delete for good').click();
  await expect(here.list).toHaveCount(0);
  await expect(here.sheet(100)).toBeHidden();
  await expect(here.notices).toBeEmpty();
});

test('a run goes on when another tab deletes its data, and says why it cannot be taken up again', async ({
  runs,
  context,
}) => {
  test.setTimeout(180_000);
  await runs.open('backend=wasm');
  await runs.write({ ...SHORT, Steps: 100_000 });
  await runs.startOnBundled();
  await runs.reaches(2);
  const there = new TrainPage(await context.newPage());
  await there.open();
  await there.button('Delete').click();
  await there.button('Delete for good').click();
  await expect(there.list).toHaveCount(0);
  await runs.page.bringToFront();
  await runs.reaches((await runs.step()) + 5);
  await runs.stop.click();
  await expect(runs.all.getByText(/^saved at step/)).toBeVisible();
  await runs.goOn.click();
  await expect(runs.notices.getByText(/^This data set is no longer there: it was deleted/)).toBeVisible();
});

test('a run that another tab trains is neither renamed nor deleted here; once it rests it is, and both tabs know', async ({
  runs,
  context,
}) => {
  test.setTimeout(180_000);
  await runs.open('backend=wasm');
  await runs.write({ ...SHORT, Steps: 100_000 });
  await runs.startOnBundled();
  const there = new RunPage(await context.newPage());
  await there.open('backend=wasm');
  const rename = async (from: string, to: string) => {
    await there.act(from, 'Rename');
    await there.page.getByRole('textbox', { name: 'Name of the run' }).last().fill(to);
    await there.page.keyboard.press('Enter');
  };
  const taken = there.notices.getByText('This run is being trained in another tab.');
  await rename(SHORT_NAME, 'Stolen');
  await expect(taken).toBeVisible();
  await there.notices.getByRole('button', { name: 'Dismiss' }).click();
  await there.act(SHORT_NAME, 'Delete');
  await there.all.getByRole('button', { name: 'Delete for good' }).click();
  await expect(taken).toBeVisible();
  await there.all.getByRole('button', { name: 'Keep' }).click();

  await runs.page.bringToFront();
  await runs.stop.click();
  await expect(runs.all.getByText(/^saved at step/)).toBeVisible();
  await there.page.bringToFront();
  await rename(SHORT_NAME, 'Renamed');
  await expect(runs.all.getByRole('button', { name: 'Renamed', exact: true })).toBeVisible();
  await there.act('Renamed', 'Delete');
  await there.all.getByRole('button', { name: 'Delete for good' }).click();
  await expect(there.all.getByText('No run is kept in this browser yet.')).toBeVisible();
  await expect(runs.all.getByText('No run is kept in this browser yet.')).toBeVisible();
  await expect(runs.goOn).toBeHidden();
});

test('a run that another tab saves at this very moment stays in the list', async ({ runs, context }) => {
  test.setTimeout(180_000);
  await runs.open('backend=wasm');
  await runs.write({ ...SHORT, 'Judge every': 0, 'Draw every': 0, 'Save every': 1, Steps: 100_000 });
  await runs.startOnBundled();
  const there = new RunPage(await context.newPage());
  await there.open('backend=wasm');
  await expect(there.all.getByRole('button', { name: SHORT_NAME, exact: true })).toBeVisible({ timeout: 60_000 });
  const stays = await there.page.evaluate(async () => {
    const list = document.querySelector('[aria-label="Runs"]')!;
    const channel = new BroadcastChannel('image-gpt');
    for (let listing = 0; listing < 200; listing++) {
      channel.postMessage('runs');
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    channel.close();
    // Without a run there would be another element for a moment.
    return list.isConnected;
  });
  expect(stays).toBe(true);
  await runs.page.bringToFront();
  await runs.stop.click();
});

test.describe('a model that another tab deletes', () => {
  test.use({ allowedComplaints: /out of memory/ });

  test('goes on here until the page needs its files again, and then gives way with a sentence', async ({
    page,
    context,
  }) => {
    const complete = new CompletePage(page);
    await complete.openQuickly();
    await complete.openModel(fixture('bf16-1x40x2'));
    await expect(complete.model).toHaveAccessibleName(/8 × 8$/);
    const models = new ModelsPanel(page);
    await models.show();
    await expect(models.own.getByRole('listitem')).toHaveCount(1);

    const other = await context.newPage();
    await new CompletePage(other).open('n=1');
    const there = new ModelsPanel(other);
    await there.show();
    await there.act('1 layer, width 40', 'Delete');
    await there.button('Delete for good').click();
    await expect(there.own).toBeHidden();

    await page.bringToFront();
    await expect(models.own.getByText('not kept')).toBeVisible();
    await page.keyboard.press('Escape');
    await complete.hide('Top half');
    await complete.run();

    await page
      .workers()
      .at(-1)!
      .evaluate(() => {
        setTimeout(() => {
          throw new Error('out of memory');
        });
      });
    await expect(
      complete.notice(/^config\.json can no longer be read: has it been changed, moved or deleted\?$/),
    ).toBeVisible();
    await expect(complete.model).toHaveAccessibleName('Model: CIFAR-10, 16 × 16');
    await expect(complete.start).toBeEnabled();
  });
});
