/** What each layer knows, seen while a run goes on: the map fills, and its table has the numbers that are drawn. */
import { readFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { axe } from './helpers.ts';
import { cifar } from './probe-page.ts';
import { expect, SHORT, test } from './run-page.ts';
import { TrainPage } from './train-page.ts';

test('the layers of a run on labelled pictures are probed while it goes on', async ({ runs, page }, info) => {
  test.setTimeout(300_000);
  await runs.open();
  await new TrainPage(page).pick(await cifar(200, 100));
  await runs.write({ ...SHORT, Steps: 3000, 'Probe every': 10 });
  await runs.setup.getByRole('button', { name: 'Start training' }).click();
  const part = runs.run.getByRole('region', { name: 'What each layer knows' });
  const map = part.getByRole('application', { name: /^Accuracy by layer and step/ });
  await expect(map).toHaveAccessibleName(/[2-9] probes of 2 layers\. Step/, { timeout: 200_000 });
  const told = part.getByText(/Probing took/);
  const share = async () => Number(/: ([\d.]+) % of the time/.exec(await told.innerText())![1]);
  // One that takes longer than those before it is waited out.
  await expect.poll(share, { timeout: 60_000 }).toBeLessThanOrEqual(10);
  await runs.pauseIt();
  expect(await share()).toBeGreaterThan(0);

  const save = async (ending: 'CSV' | 'SVG' | 'PNG') => {
    const download = page.waitForEvent('download');
    await part.getByRole('button', { name: 'Save the chart: What each layer knows' }).click();
    await page.getByRole('menuitem', { name: `Save as ${ending}` }).click();
    return readFile(await (await download).path());
  };
  const [head, ...rows] = (await save('CSV'))
    .toString()
    .trim()
    .split('\n')
    .map((row) => row.split(','));
  expect(head).toEqual(['step', 'layer_0', 'layer_1', 'best_layer', 'raw_pixels', 'chance', 'seconds']);
  const drawn = await map.locator('rect').evaluateAll((cells) => cells.map((cell) => cell.dataset.accuracy));
  expect(rows.flatMap(([, first, second]) => [first, second])).toEqual(drawn);
  expect(rows[0][0]).toBe('10');
  const figure = (await save('SVG')).toString();
  const filled = [...figure.matchAll(/<rect[^>]* fill="(rgb\([\d,]+\))"/g)].map(([, fill]) => fill);
  const cells = await map.locator('rect').evaluateAll((all) => all.map((cell) => cell.getAttribute('fill')));
  expect(filled.slice(0, cells.length)).toEqual(cells);
  expect(PNG.sync.read(await save('PNG')).width).toBeGreaterThan(640);

  await map.focus();
  await page.keyboard.press('ArrowLeft');
  const [step, ...last] = rows.at(-1)!;
  const best = Number(last[2]);
  const percent = `${(100 * Number(last[best])).toFixed(1)} %`;
  const at = `Step ${Number(step).toLocaleString('en')}: layer`;
  await expect(part.getByText(`${at} ${best}, ${percent}; best layer ${best}, ${percent}.`)).toBeVisible();
  await page.keyboard.press(best === 0 ? 'ArrowUp' : 'ArrowDown');
  const other = 1 - best;
  await expect(part.getByText(`${at} ${other}, ${(100 * Number(last[other])).toFixed(1)} %;`)).toBeVisible();
  await axe(page);
  await part.screenshot({ path: info.outputPath('layers-light.png') });
  await page.emulateMedia({ colorScheme: 'dark' });
  await part.screenshot({ path: info.outputPath('layers-dark.png') });
  await runs.stop.click();
});
