/** Evaluation in the tab: likelihood with its error, samples, a distance with its floor, nearest pictures; cancelled, compared, saved. */
import { readFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { cifar, expect, OWN, SHIPPED, table, test } from './evaluate-page.ts';
import { axe, settled } from './helpers.ts';

test('a small set is evaluated with progress, and everything that is shown can be taken away', async ({
  evaluation,
}) => {
  test.slow();
  await evaluation.openTiny();
  await evaluation.write('Training pictures to compare by features', 100);
  await evaluation.start.click();
  await expect(evaluation.progress).toHaveAttribute(
    'aria-valuetext',
    /^(Opening the model|(Scored|Drew|Features of|Searched) [\d,]+ of [\d,]+ pictures(, .+ left)?)$/,
  );
  await evaluation.ends();

  await test.step('the likelihood is the mean of the table of pictures, with its error', async () => {
    const [head, ...rows] = await table(
      await evaluation.downloaded(evaluation.one.getByRole('button', { name: /^Save as CSV/ })),
    );
    expect(head).toEqual(['Picture', 'Nats per pixel', 'Bits per pixel']);
    expect(rows).toHaveLength(140);
    const nats = rows.map(([, value]) => Number(value));
    const mean = nats.reduce((a, b) => a + b, 0) / nats.length;
    const variance = nats.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (nats.length - 1);
    const error = Math.sqrt(variance / nats.length);
    const [[likelihood, bits]] = await evaluation.row(OWN);
    expect(likelihood).toBe(`${mean.toFixed(4)} ± ${error.toFixed(4)}`);
    expect(bits).toBe(`${(mean / Math.LN2).toFixed(4)} bits`);
    await expect(evaluation.one.getByText(mean.toFixed(4), { exact: true })).toBeVisible();

    const sorted = rows.toSorted((a, b) => Number(a[1]) - Number(b[1]));
    for (const [title, expected] of [
      ['Foreseen best', sorted.slice(0, 8)],
      ['Foreseen worst', sorted.slice(-8).reverse()],
    ] as const) {
      const figures = evaluation.one.getByRole('region', { name: title }).getByRole('figure');
      await expect(figures.getByRole('img')).toHaveCount(8);
      expect(await figures.allInnerTexts()).toEqual(expected.map(([, value]) => Number(value).toFixed(3)));
      const names = await figures
        .getByRole('img')
        .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
      expect(names).toEqual(expected.map(([number]) => expect.stringMatching(new RegExp(`^Picture ${number} of `))));
    }
  });

  await test.step('the samples are saved as they are seen', async () => {
    await expect(evaluation.samples).toHaveAccessibleName(`64 pictures drawn by ${OWN}`);
    await expect(evaluation.result.getByText('All 64, not picked: seed 1, temperature 1, all colours.')).toBeVisible();
    const saved = await evaluation.downloaded(
      evaluation.result.getByRole('button', { name: 'Save the samples as PNG' }),
    );
    const { width, height, data } = PNG.sync.read(await readFile(await saved.path()));
    expect([width, height]).toEqual([8 * 72 - 8, 8 * 72 - 8]);
    const shown = await evaluation.samples.evaluate((canvas: HTMLCanvasElement) => [
      ...canvas.getContext('2d')!.getImageData(0, 0, canvas.width, 1).data,
    ]);
    const first = Array.from({ length: 8 }, (_, x) => [...data.subarray(4 * 8 * x, 4 * 8 * x + 4)]).flat();
    expect(shown.slice(0, 32)).toEqual(first);
  });

  await test.step('the distance stands beside that of real pictures, and is not called by another name', async () => {
    const [, [distance, floor]] = await evaluation.row(OWN);
    expect(Number(distance.replace(',', ''))).toBeGreaterThan(0);
    expect(floor).toMatch(/^real: [\d.,]+$/);
    await expect(evaluation.result.getByText(/layer 4, 128 channels/)).toBeVisible();
    await expect(evaluation.result.getByText(/^64 pictures are few for 128 channels/)).toBeVisible();
  });

  await test.step('samples stand beside the pictures that are nearest to them, the closest first', async () => {
    for (const [way, searched] of [
      ['By colour', '200'],
      ['By features', '100'],
    ]) {
      await evaluation.nearest.getByRole('radio', { name: way }).click();
      await expect(evaluation.nearest.getByText(`to the nearest of ${searched} training pictures`)).toBeVisible();
      const figures = evaluation.nearest.getByRole('figure');
      await expect(figures).toHaveCount(12);
      await expect(evaluation.nearest.getByRole('img', { name: /^Picture \d+ of / })).toHaveCount(12);
      const distances = (await figures.allInnerTexts()).map((text) => Number(text.replace(',', '')));
      expect(distances).toEqual(distances.toSorted((a, b) => a - b));
      expect(distances[0]).toBeGreaterThan(0);
    }
  });
});

test('an evaluation that is cancelled keeps what it has found, and another one can begin', async ({ evaluation }) => {
  test.slow();
  await evaluation.openWith(60, 140);
  await evaluation.start.click();
  await expect(evaluation.one.getByText(/^\d\.\d{4}$/).first()).toBeVisible({ timeout: 60_000 });
  await evaluation.cancel.click();
  await expect(evaluation.outcome).toContainText('Stopped: what was measured so far stays.');
  const [[likelihood], [distance]] = await evaluation.row(SHIPPED);
  expect(likelihood).toMatch(/^\d\.\d{4}( ± \d\.\d{4})?$/);
  expect(distance).toBe('–');
  await expect(evaluation.probe.notices).toBeEmpty();
  for (const part of ['Samples', 'Distance', 'Nearest pictures']) await evaluation.choice('Measure', part).click();
  await evaluation.write('How many', 5);
  await evaluation.start.click();
  await evaluation.ends();
  await expect(evaluation.samples).toHaveCount(0);
  expect((await evaluation.row(SHIPPED))[0][0]).toMatch(/^\d\.\d{4} ± \d\.\d{4}$/);
});

test('two models stand beside each other, and each can be looked at', async ({ evaluation }) => {
  test.slow();
  await evaluation.openTiny();
  await evaluation.choice('Models', SHIPPED).click();
  await evaluation.write('How many', 10);
  await evaluation.setup.getByRole('radio', { name: '16', exact: true }).click();
  await evaluation.choice('Measure', 'Nearest pictures').click();
  await evaluation.start.click();
  await evaluation.ends();
  const [own, shipped] = [await evaluation.row(OWN), await evaluation.row(SHIPPED)];
  // One of them was trained on such pictures, the other is random: its 32 colours would be 3.47 nats if it knew nothing.
  expect(Number.parseFloat(shipped[0][0])).toBeLessThan(3.5);
  expect(Number.parseFloat(own[0][0])).toBeGreaterThan(3.5);
  expect(Number.parseFloat(own[1][0])).toBeGreaterThan(Number.parseFloat(shipped[1][0]));
  await expect(evaluation.samples).toHaveAccessibleName(`16 pictures drawn by ${OWN}`);
  await evaluation.one.getByRole('combobox', { name: 'Model' }).selectOption({ label: SHIPPED });
  await expect(evaluation.samples).toHaveAccessibleName(`16 pictures drawn by ${SHIPPED}`);
  await expect(evaluation.one.getByText(Number.parseFloat(shipped[0][0]).toFixed(4), { exact: true })).toBeVisible();
});

test('too few held-back pictures for a distance are refused in one sentence, before anything runs', async ({
  evaluation,
}) => {
  await evaluation.openTiny();
  await evaluation.setup.getByRole('radio', { name: '256' }).click();
  await evaluation.start.click();
  await expect(
    evaluation.probe.notices.getByText(
      /^A distance over 256 pictures needs twice as many held-back ones, .* there are 140:/,
    ),
  ).toBeVisible();
  await expect(evaluation.outcome).toContainText('Stopped');
});

test('a data set without training pictures is scored', async ({ evaluation }) => {
  await evaluation.openTiny();
  const { 'test_batch.bin': held } = await cifar(1, 30);
  await evaluation.probe.data.pick({ 'test_batch.bin': held });
  await expect(evaluation.probe.data.list).toHaveCount(2);
  for (const part of ['Samples', 'Distance', 'Nearest pictures']) await evaluation.choice('Measure', part).click();
  await evaluation.start.click();
  await evaluation.ends();
  await expect(evaluation.one.getByText('30', { exact: true })).toBeVisible();
});

test('everything is done by keyboard', async ({ evaluation, page }) => {
  await evaluation.probe.openTiny(60, 140);
  await page.getByRole('radio', { name: 'Layers' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(evaluation.view).toBeFocused();
  await page.keyboard.press('Space');
  await expect(evaluation.view).toBeChecked();
  const reached = async (name: string | RegExp, role: 'button' | 'radio' | 'combobox' | 'textbox') => {
    const wanted = page.getByRole(role, { name }).first();
    for (let i = 0; i < 60; i++) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`${name} cannot be reached.`);
  };
  await expect(evaluation.start).toBeEnabled({ timeout: 60_000 });
  await reached('Likelihood', 'button');
  await reached('Held back', 'radio');
  await reached('How many', 'textbox');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('20');
  await reached('Temperature', 'textbox');
  await reached('Features of', 'combobox');
  await reached('Start evaluating', 'button');
  await page.keyboard.press('Enter');
  await evaluation.ends();
  await reached('Save the samples as PNG', 'button');
  await reached('By colour', 'radio');
  await reached(/^Save as CSV/, 'button');
});

test.describe('for everybody', () => {
  // Colours that are still on their way to those of the other theme would be judged.
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('no state breaks an accessibility rule, and nothing is wider than the page', async ({ evaluation, page }) => {
    test.slow();
    const everyLook = async (check: () => Promise<void>) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const width of [360, 1440]) {
          await test.step(`${colorScheme}, ${width} pixels wide`, async () => {
            await page.setViewportSize({ width, height: 900 });
            await page.emulateMedia({ colorScheme });
            await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
            await settled(page);
            await axe(page);
            await check();
          });
        }
      }
    };
    await evaluation.openTiny();
    await test.step('before anything is evaluated', () => everyLook(async () => {}));
    await evaluation.write('Training pictures to compare by features', 50);
    await evaluation.start.click();
    await evaluation.ends();
    await test.step('after it', () =>
      everyLook(async () => {
        const scrolled = await page.evaluate(() => {
          scrollTo({ left: 9999, behavior: 'instant' });
          return scrollX;
        });
        expect(scrolled, 'pixels that can be scrolled sideways').toBe(0);
      }));
  });
});
