/** Linear probes in the tab: layer after layer, cancelled, compared, saved, and what one layer takes for what. */
import { readFile } from 'node:fs/promises';
import { zipSync } from 'fflate';
import { PNG } from 'pngjs';
import { png } from '../workers/data/testing.ts';
import { records } from './pictures.ts';
import { expect, OWN, SHIPPED, table, test } from './probe-page.ts';
import { inked, RunPage, SHORT, SHORT_NAME } from './run-page.ts';

test('the shipped model’s layers fill the chart one after the other, also while another tab is open', async ({
  probe,
  page,
}) => {
  test.slow();
  await probe.openWith(200, 100);
  await probe.choice('Beside them', 'Untrained model').click();
  await expect(probe.choice('Models', SHIPPED)).toHaveAttribute('aria-pressed', 'true');
  await probe.start.click();
  await expect(probe.progress).toHaveAttribute('aria-valuetext', /^(Reading|Features of) [\d,]+ of [\d,]+ pictures$/);
  const empty = await inked(probe.chart);
  const heights = new Set([await probe.result.evaluate((element) => element.getBoundingClientRect().height)]);
  const seen = new Set<number>();
  await expect
    .poll(
      async () => {
        const layers = await probe.layers();
        seen.add(layers);
        return layers;
      },
      { timeout: 180_000, intervals: [50] },
    )
    .toBeGreaterThanOrEqual(6);
  await expect(probe.cancel).toBeVisible();
  expect(seen.size).toBeGreaterThan(2);
  expect(await inked(probe.chart)).toBeGreaterThan(empty);
  heights.add(await probe.result.evaluate((element) => element.getBoundingClientRect().height));
  await page.getByRole('tab', { name: 'About' }).click();
  await page.getByRole('tab', { name: 'Probe' }).click();
  await probe.ends();
  expect(await probe.layers()).toBe(9);
  heights.add(await probe.result.evaluate((element) => element.getBoundingClientRect().height));
  expect(heights.size, 'nothing jumps').toBe(1);
  // A trained model's best layer knows more than chance does, by far.
  const [layer, accuracy] = await probe.best(SHIPPED);
  expect(Number(layer)).toBeGreaterThan(0);
  expect(Number.parseFloat(accuracy)).toBeGreaterThan(20);
});

test('two models stand in one chart with what they are compared with, and its CSV has what is drawn', async ({
  probe,
}) => {
  test.slow();
  await probe.openTiny(80, 60);
  await probe.choice('Models', SHIPPED).click();
  await probe.start.click();
  await probe.ends();
  const [head, ...rows] = await probe.csv();
  expect(head).toEqual([
    'Layer',
    OWN,
    `${OWN}, standard error`,
    SHIPPED,
    `${SHIPPED}, standard error`,
    'Untrained, 2 layers, width 32',
    'Untrained, 2 layers, width 32, standard error',
    `Untrained, as ${SHIPPED}`,
    `Untrained, as ${SHIPPED}, standard error`,
    'Raw pixels, 8 × 8',
    `Raw pixels, as for ${SHIPPED}`,
  ]);
  expect(rows.map(([layer]) => Number(layer))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  const drawn = head.flatMap((name, column) => (column > 0 && !name.endsWith('standard error') ? [column] : []));
  for (const row of rows) {
    const [layer, ...values] = await probe.hover(Number(row[0]), 8);
    expect(layer).toBe(row[0]);
    expect(values).toEqual(drawn.map((column) => (row[column] === '' ? '–' : percent(row[column]))));
  }
  for (const name of [OWN, SHIPPED]) {
    const column = head.indexOf(name);
    const accuracies = rows.map((row) => (row[column] === '' ? 0 : Number(row[column])));
    const best = Math.max(...accuracies);
    expect(await probe.best(name)).toEqual([
      String(accuracies.indexOf(best)),
      `${percent(String(best))} ± ${percent(rows[accuracies.indexOf(best)][column + 1])}`,
    ]);
    expect(Number(rows[accuracies.indexOf(best)][column + 1])).toBeCloseTo(Math.sqrt((best * (1 - best)) / 60), 6);
  }
  const path = await (await probe.saved('Save as PNG')).path();
  const picture = PNG.sync.read(await readFile(path));
  expect(picture.width).toBeGreaterThan(300);
  expect(new Set(picture.data).size).toBeGreaterThan(20);

  // The drawing has a point where the screen has one.
  const drawing = await readFile(await (await probe.saved('Save as SVG')).path(), 'utf8');
  const shown = await probe.drawn(drawing);
  expect(shown.texts).toEqual(
    expect.arrayContaining([
      'Test accuracy by layer',
      'Layer',
      ...head.slice(1).filter((name) => !name.endsWith('standard error')),
    ]),
  );
  const mine = head.indexOf(OWN);
  const own = rows.filter((row) => row[mine] !== '');
  const points = shown.lines.filter((line) => line.length === own.length && own.length > 2)[0];
  expect(points.every(([x], i) => i === 0 || x > points[i - 1][0])).toBe(true);
  const heights = own.map((row) => Number(row[mine]));
  const slope = (a: number[], b: number[], i: number, j: number) => (a[i] - a[j]) / (b[i] - b[j]);
  const [low, high] = [heights.indexOf(Math.min(...heights)), heights.indexOf(Math.max(...heights))];
  const across = points.map(([, y]) => y);
  const scale = slope(across, heights, low, high);
  expect(scale).toBeLessThan(0);
  heights.forEach((share, i) => {
    expect(across[i]).toBeCloseTo(across[low] + scale * (share - heights[low]), 1);
  });
});

test('all layers together are a level beside those of each, and have a confusion matrix of their own', async ({
  probe,
}) => {
  await probe.openTiny();
  await probe.choice('Beside them', 'All layers together').click();
  await probe.start.click();
  await probe.ends();
  const [head, ...rows] = await probe.csv();
  const together = head.indexOf(`${OWN}, all layers together`);
  expect(rows.map((row) => row[0])).toEqual(['0', '1', '2']);
  expect(new Set(rows.map((row) => row[together])).size).toBe(1);
  const [layers, accuracy] = await probe.best(head[together]);
  expect(layers).toBe('all');
  expect(accuracy).toContain(`${percent(rows[0][together])} ± `);
  await probe.layer.getByLabel('Features').selectOption({ label: head[together] });
  await expect(probe.layerSlider).toBeHidden();
  await expect(probe.layer.getByText(percent(rows[0][together]), { exact: true })).toBeVisible();
});

test('a layer shows its confusion matrix, the pictures it is most certainly wrong about, and its numbers', async ({
  probe,
  page,
}) => {
  await probe.openTiny();
  await probe.start.click();
  await probe.ends();
  await probe.layerSlider.press('Home');
  await expect(probe.layerSlider).toHaveAttribute('aria-valuetext', '0');
  const download = page.waitForEvent('download');
  await probe.layer.getByRole('button', { name: 'Save the chart: Confusion matrix' }).click();
  await page.getByRole('menuitem', { name: 'Save as CSV' }).click();
  const [, ...rows] = await table(await download);
  const counts = rows.map(([, ...cells]) => cells.map(Number));
  const right = counts.reduce((sum, row, i) => sum + row[i], 0);
  const all = counts.flat().reduce((a, b) => a + b, 0);
  expect(all).toBe(100);
  await expect(probe.layer.getByText(`${right.toFixed(1)} %`, { exact: true })).toBeVisible();
  // What is seen are those counts, as shares of their rows.
  const matrix = probe.layer.getByRole('table', { name: 'Confusion matrix' });
  const cat = matrix.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'cat' }) });
  const row = counts[3];
  const pictures = row.reduce((a, b) => a + b, 0);
  expect(await cat.getByRole('cell').allInnerTexts()).toEqual(
    row.map((count) => (count > 0 ? String(Math.round((100 * count) / pictures)) : '')),
  );
  const wrong = probe.layer.getByRole('img', { name: /, taken for / });
  await expect(wrong).toHaveCount(12);
  const certainties = await probe.layer
    .getByRole('figure')
    .evaluateAll((figures) =>
      figures.map((figure) => Number.parseFloat(figure.querySelector('span:last-child')!.textContent!)),
    );
  expect(certainties).toEqual([...certainties].sort((a, b) => b - a));
  // A press on the chart chooses the layer there.
  const plot = probe.result.locator('.u-over');
  const { width, height } = (await plot.boundingBox())!;
  await plot.click({ position: { x: (width * 1.03) / 1.06, y: height / 2 } });
  await expect(probe.layerSlider).toHaveAttribute('aria-valuetext', '2');
});

test('a probe that is cancelled keeps what it has measured, and another one can begin', async ({ probe }) => {
  test.slow();
  await probe.openWith(300, 50);
  await probe.start.click();
  await expect.poll(() => probe.layers(), { timeout: 120_000, intervals: [50] }).toBeGreaterThan(2);
  await probe.cancel.click();
  await expect(probe.outcome).toContainText('Stopped: what was measured so far stays.');
  const layers = await probe.layers();
  expect(layers).toBeLessThan(9);
  expect((await probe.best(SHIPPED))[1]).toMatch(/^\d+\.\d % ± /);
  await expect(probe.notices).toBeEmpty();
  await probe.setup.getByRole('textbox', { name: 'Training pictures' }).fill('60');
  for (const one of ['Untrained model', 'Raw pixels']) await probe.choice('Beside them', one).click();
  await probe.start.click();
  await expect(probe.cancel).toBeVisible();
  await expect(probe.layer.getByText('As soon as a layer has been probed')).toBeVisible();
  await probe.ends();
  expect(await probe.layers()).toBe(9);
});

test('few labels and all of them make a chart by labels; the published curve stands beside by share of depth', async ({
  probe,
}) => {
  test.slow();
  await probe.openTiny(400, 100);
  for (const count of ['40', '250']) await probe.choice('Labels to learn from', count).click();
  await probe.start.click();
  await probe.ends();
  await probe.view('By labels').click();
  const [head, ...rows] = await probe.csv();
  expect(head[0]).toBe('Labels');
  expect(rows.map(([labels]) => labels)).toEqual(['40', '250', '400']);
  const pixels = head.indexOf('Raw pixels, 8 × 8');
  for (const row of rows) expect(Number(row[pixels])).toBeGreaterThan(0);

  await probe.view('By layer').click();
  await probe.result.getByRole('radio', { name: '40 labels' }).click();
  const few = await probe.csv();
  expect(few[1][few[0].indexOf('Raw pixels, 8 × 8')]).toBe(rows[0][pixels]);
  await probe.result.getByRole('switch', { name: 'Beside published probes' }).click();
  const [names, ...shares] = await probe.csv();
  expect(names[0]).toBe('Share of the depth');
  const published = names.indexOf('iGPT-L, published');
  expect(Math.max(...shares.map((row) => Number(row[published])))).toBe(0.963);
  const own = shares.filter((row) => row[1] !== '').map(([share]) => Number(share));
  expect(own).toEqual([0, 0.5, 1]);
});

test('the checkpoints of a run are probed and drawn against their loss', async ({ probe, page }) => {
  test.setTimeout(400_000);
  const runs = new RunPage(page);
  await runs.open();
  await runs.write({ ...SHORT, Steps: 60 });
  await runs.startOnBundled();
  await expect(runs.all.getByText(/^done at step 60/)).toBeVisible({ timeout: 120_000 });
  await page.getByRole('tab', { name: 'Probe' }).click();
  await probe.choice('Models', SHIPPED).click();
  await probe.choice(`Weights of the run ${SHORT_NAME}`, 'Step 60').click();
  await probe.choice(`Weights of the run ${SHORT_NAME}`, '40').click();
  for (const one of ['Untrained model', 'Raw pixels']) await probe.choice('Beside them', one).click();
  await probe.setup.getByRole('textbox', { name: 'Training pictures' }).fill('200');
  await probe.setup.getByRole('textbox', { name: 'Test pictures' }).fill('200');
  await probe.start.click();
  await probe.ends();
  const [layers] = await probe.csv();
  expect(layers.filter((name) => !name.endsWith('standard error'))).toEqual([
    'Layer',
    `${SHORT_NAME}, step 60`,
    `${SHORT_NAME}, step 40`,
  ]);
  await probe.view('Against loss').click();
  const [head, ...rows] = await probe.csv();
  expect(head.slice(0, 2)).toEqual(['Loss on held-back pictures, nats/pixel', SHORT_NAME]);
  expect(rows).toHaveLength(2);
  await page.getByRole('tab', { name: 'Train' }).click();
  const course = await runs.csv(SHORT_NAME);
  const judged = [60, 40].map((step) => course[step][5]);
  expect(rows.map(([loss]) => loss)).toEqual(judged);
});

/** A CIFAR-10 file of airplanes alone. */
const ofOneClass = (count: number) => records(count).map((byte, at) => (at % 3073 === 0 ? 0 : byte));
const picture = (grey: number) => png(new Uint8Array(20 * 20 * 3).fill(grey), 20);
const bad: { what: string; files: Record<string, Uint8Array>; sentence: string }[] = [
  {
    what: 'pictures without labels',
    files: { 'pictures.zip': zipSync({ 'a.png': picture(10), 'b.png': picture(200), 'c.png': picture(90) }) },
    sentence: 'The training pictures have no labels: a probe learns to tell classes apart.',
  },
  {
    what: 'pictures of one class',
    files: { 'data_batch_1.bin': ofOneClass(40) },
    sentence: 'All training pictures are of the class "airplane": a probe needs at least two.',
  },
];
for (const { what, files, sentence } of bad) {
  test(`${what} are refused in one sentence`, async ({ probe }) => {
    await probe.open();
    await probe.data.pick(files);
    await expect(probe.data.list).toHaveCount(1);
    await expect(probe.start).toBeEnabled({ timeout: 60_000 });
    await probe.start.click();
    await expect(probe.notices.getByText(sentence)).toBeVisible({ timeout: 30_000 });
    await expect(probe.outcome).toContainText('Stopped');
    await expect(probe.notices.getByRole('button', { name: 'Dismiss' })).toHaveCount(1);
  });
}

test('too many labels are refused in one sentence', async ({ probe }) => {
  await probe.openTiny();
  await probe.choice('Labels to learn from', '4,000').click();
  await probe.choice('Labels to learn from', 'All').click();
  await probe.start.click();
  await expect(
    probe.notices.getByText(/^There are \d+ training pictures of the class "airplane", but 400 are needed\.$/),
  ).toBeVisible();
});

/** As the page writes a share. */
const percent = (share: string): string => `${(100 * Number(share)).toFixed(1)} %`;
