/** Training in the tab: started with one click, watched, paused, taken up again, handed to Complete, carried away and back. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { cifar10Path } from '../tools/cifar10.ts';
import { CompletePage } from './complete-page.ts';
import { axe } from './helpers.ts';
import { expect, inked, SHORT, SHORT_NAME, test } from './run-page.ts';

const NAME = SHORT_NAME;

test('one click trains on CIFAR-10; charts move, drawings come, and a reload loses nothing', async ({ runs, page }) => {
  test.setTimeout(300_000);
  page.on('dialog', (dialog) => void dialog.accept());
  await runs.open();
  await runs.write({ ...SHORT, Steps: 400 });
  await runs.startOnBundled();
  await runs.reaches(12);
  const loss = await runs.figure('Training loss');
  const charts = runs.run.locator('.u-wrap canvas');
  await expect(charts).toHaveCount(4);
  const ink = await inked(charts.first());
  await expect(runs.drawing).toBeVisible({ timeout: 60_000 });
  await runs.reaches(45);
  expect(await runs.figure('Training loss')).toBeLessThan(loss);
  expect(await inked(charts.first())).not.toBe(ink);
  await expect(runs.run.getByRole('slider', { name: 'Drawn at step' })).toBeVisible();
  await axe(page);

  const paused = await runs.pauseIt();
  await runs.oneStep.click();
  await expect.poll(() => runs.step()).toBe(paused + 1);
  await expect(runs.goOn).toBeEnabled();
  await runs.goOn.click();
  await runs.reaches(paused + 12);
  const judged = await runs.figure('Held-out pictures');
  expect(judged).toBeGreaterThan(1);

  await page.reload();
  await expect(runs.all.getByText(/^saved at step \d+/)).toBeVisible({ timeout: 30_000 });
  await runs.all.getByRole('button', { name: NAME, exact: true }).click();
  const saved = await runs.step();
  expect(saved).toBeGreaterThanOrEqual(paused + 1);
  await runs.goOn.click();
  await runs.reaches(saved + 5);
  const rows = await runs.csv(NAME);
  expect(rows[0].join()).toBe('step,loss_nats,gradient_norm,learning_rate,seconds,validation_nats');
  expect(rows.slice(1).map(([step]) => Number(step))).toEqual(rows.slice(1).map((_, i) => i + 1));
  await runs.stop.click();
  await expect(runs.all.getByText(/^saved at step/)).toBeVisible();
});

test('a run that is trained draws in Complete meanwhile, is exported, deleted and imported again', async ({
  runs,
  page,
}) => {
  test.setTimeout(300_000);
  await runs.open();
  await runs.write({ ...SHORT, Steps: 100_000 });
  await runs.startOnBundled();
  await runs.reaches(25);
  await runs.act(NAME, 'Use in Complete');
  const complete = new CompletePage(page);
  await expect(complete.model).toHaveAccessibleName(`Model: ${NAME}`);
  await complete.run();
  expect((await complete.completions()).length).toBeGreaterThan(0);
  await page.getByRole('tab', { name: 'Train' }).click();
  const step = await runs.step();
  await runs.reaches(step + 5);
  await runs.stop.click();
  await expect(runs.all.getByText(/^saved at step/)).toBeVisible();

  const model = page.waitForEvent('download');
  await runs.act(NAME, 'Export the model, F16');
  const files = unzipSync(await readFile(await (await model).path()));
  expect(Object.keys(files).sort()).toEqual(['config.json', 'model.safetensors', 'preprocessor_config.json']);

  const archive = page.waitForEvent('download');
  await runs.act(NAME, 'Export the run');
  const path = await (await archive).path();
  await runs.act(NAME, 'Rename');
  await page.getByRole('textbox', { name: 'Name of the run' }).last().fill('Mine');
  await page.keyboard.press('Enter');
  await runs.act('Mine', 'Delete');
  await runs.all.getByRole('button', { name: 'Delete for good' }).click();
  await expect(runs.all.getByText('No run is kept in this browser yet.')).toBeVisible();
  await runs.all.getByLabel('Archive of a run').setInputFiles(path);
  await expect(runs.all.getByRole('button', { name: NAME, exact: true })).toBeVisible();
  await runs.goOn.click();
  await runs.reaches((await runs.step()) + 3);
  await runs.stop.click();
});

test('the tab has the losses that the command line has', async ({ runs }) => {
  test.setTimeout(240_000);
  await runs.open('backend=wasm');
  await runs.setup.getByLabel('Size of the model').selectOption('nano');
  await runs.write({ Steps: 8, 'Pictures a step': 8, 'Judge every': 4, 'Pictures to judge by': 16 });
  await runs.startOnBundled();
  await expect(runs.run.getByText('Step 8 of 8, done')).toBeVisible({ timeout: 60_000 });
  const rows = (await runs.csv('nano on CIFAR-10')).slice(1);

  const out = await mkdtemp(join(tmpdir(), 'igpt-train-'));
  const options = [
    '--preset',
    'nano',
    '--steps',
    '8',
    '--batch',
    '8',
    '--validate-every',
    '4',
    '--validation-pictures',
    '16',
  ];
  const places = ['--data', cifar10Path('data_batch_1'), '--palette', 'public/models/igpt-cifar-16', '--out', out];
  const { stdout } = await promisify(execFile)('npx', ['tsx', 'cli/igpt.ts', 'train', ...options, ...places, '--json']);
  await rm(out, { recursive: true });
  const steps: { step: number; loss?: number; validation?: number }[] = stdout
    .trim()
    .split('\n')
    .map((row) => JSON.parse(row));
  const losses = steps.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
  // The browser may have a faster build of the kernels, which rounds differently.
  rows.forEach(([, loss], i) => {
    expect(Math.abs(Number(loss) / losses[i] - 1), `step ${i + 1}`).toBeLessThan(1e-5);
  });
  expect(losses.length).toBe(rows.length);
  expect(Number(rows[3][5])).toBeCloseTo(
    steps.find(({ step, validation }) => step === 4 && validation)!.validation!,
    4,
  );
});

test('what cannot be trained is said before the start', async ({ runs, page }) => {
  await runs.open();
  await page.getByRole('button', { name: /^10,000 of CIFAR-10/ }).click();
  await expect(page.getByText('PSNR')).toBeVisible({ timeout: 60_000 });
  await runs.write({ Width: 50, Heads: 4 });
  await expect(runs.setup.getByRole('alert')).toHaveText('A width of 50 cannot be divided among 4 heads.');
  await expect(runs.setup.getByRole('button', { name: 'Start training' })).toBeDisabled();
  await runs.setup.getByLabel('Size of the model').selectOption('igpt-xl');
  await expect(runs.setup.getByRole('alert')).toContainText('a smaller model would', { timeout: 30_000 });
  await runs.setup.getByLabel('Size of the model').selectOption('nano');
  await expect(runs.setup.getByText('0.18 million')).toBeVisible({ timeout: 30_000 });
  await expect(runs.setup.getByRole('button', { name: 'Start training' })).toBeEnabled();
});
