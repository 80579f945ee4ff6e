/**
 * A device that lets a page hold little, as iPhones do; here so little is set by hand. What does
 * not fit is cut or refused, and said so.
 */
import { expect, test } from './complete-page.ts';
import { cifar } from './probe-page.ts';
import { RunPage } from './run-page.ts';
import { TrainPage } from './train-page.ts';

/**
 * Enough for the small model and a few pictures at once; enough for a run of fewer pictures a step
 * than usual.
 */
const FEW_PICTURES = 'backend=wasm&memory=24';
const SMALL_BATCHES = 'backend=wasm&memory=60';

test('fewer variants are drawn, the page says how many, and the link keeps the limit', async ({ complete, page }) => {
  await complete.openCompleted(`${FEW_PICTURES}&n=8`);
  await complete.hide('Top half');
  await complete.run();
  const said = page.getByText(/holds \d of 8 variants at once, so no more are drawn\./);
  const [few] = /\d/.exec((await said.innerText()).replace(/^.*holds /, ''))!;
  expect(Number(few)).toBeLessThan(8);
  await expect(page.getByRole('button', { name: /^Completion \d+: use, save, share$/ })).toHaveCount(Number(few));
  await expect(complete.outcome).toContainText(`${few} of 8 completions`);
  await expect(page).toHaveURL(/[?&]memory=24(&|$)/);
  await expect(complete.notices).toBeEmpty();
});

test('a run that takes too much is not started, and the page says which batch fits', async ({ page }) => {
  const runs = new RunPage(page);
  await runs.open(SMALL_BATCHES);
  await new TrainPage(page).pick(await cifar(200, 100));
  const problem = runs.setup.getByRole('alert');
  await expect(problem).toHaveText(
    /^This run takes \d.* of the 60 MB that this device lets a page hold \d+ MB are left\. A batch of \d+ fits\.$/,
    { timeout: 60_000 },
  );
  const [, batch] = /batch of (\d+)/.exec(await problem.innerText())!;
  await runs.write({ 'Pictures a step': Number(batch), Steps: 2, 'Probe every': 0 });
  await expect(problem).toHaveCount(0);
  await runs.setup.getByRole('button', { name: 'Start training' }).click();
  await expect(runs.all.getByText(/^done at step 2/)).toBeVisible({ timeout: 60_000 });
});
