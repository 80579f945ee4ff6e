/**
 * Mixed use for a long time: draw, complete, inspect, train, probe, switch models, over and over, on WebAssembly and then on
 * WebGPU. What the page holds on to must not grow, nothing may complain, and no worker, tensor or buffer may be left behind.
 *
 * A few rounds here; so many minutes with `SOAK=60 npx playwright test e2e/soak.spec.ts`, which prints the table of
 * docs/soak.md.
 */
import type { Page } from '@playwright/test';
import { withWebgpu } from './browsers.ts';
import { CompletePage } from './complete-page.ts';
import { Counter, type Counts } from './counts.ts';
import { expect, test } from './helpers.ts';
import { fixture } from './model-files.ts';
import { ModelsPanel } from './models-panel.ts';
import { cifar, OWN, ProbePage, SHIPPED } from './probe-page.ts';
import { RunPage, SHORT } from './run-page.ts';

test.use({ launchOptions: withWebgpu });

const MINUTES = Number(process.env.SOAK ?? 0);
const ROUNDS = 3; // at least
const RUN = '1 layer, width 32, on soak';

const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click();

async function draw(complete: CompletePage): Promise<void> {
  await tab(complete.page, 'Complete');
  await complete.stroke({ x: 1, y: 1 }, { x: 6, y: 2 });
  await complete.page.keyboard.press('Control+z');
  await complete.hide('Bottom half');
  await complete.run();
  await complete.card(1).focus();
  for (const key of ['ArrowRight', 'ArrowDown']) await complete.page.keyboard.press(key);
  await complete.choose('Attention');
  await complete.choose('Picture');
}

async function trainAndDelete(runs: RunPage): Promise<void> {
  await tab(runs.page, 'Train');
  await runs.setup.getByRole('button', { name: 'Start training' }).click();
  await expect(runs.pause).toBeVisible({ timeout: 60_000 });
  await runs.reaches(12);
  await runs.stop.click();
  await runs.act(RUN, 'Delete');
  await runs.all.getByRole('button', { name: 'Delete for good' }).click();
  await expect(runs.all.getByRole('button', { name: RUN, exact: true })).toBeHidden();
}

async function look(probe: ProbePage): Promise<void> {
  await tab(probe.page, 'Probe');
  await probe.start.click();
  await probe.ends();
  await probe.layerSlider.press('Home');
  await probe.layerSlider.press('ArrowRight');
}

async function backend(page: Page, name: string): Promise<void> {
  const device = page.getByRole('button', { name: /^Device:/ });
  await device.click();
  await page.getByRole('dialog', { name: 'Device' }).getByRole('radio', { name, exact: true }).click();
  await expect(device).not.toHaveAccessibleName(/Starting|Not running/, { timeout: 60_000 });
  await page.keyboard.press('Escape');
}

async function switchModel(models: ModelsPanel, to: string): Promise<void> {
  await models.show();
  await models.opener(to.replace(', 8 × 8', '')).click();
  const shown = models.page.getByRole('button', { name: /^Model:/ });
  await expect(shown).toHaveAccessibleName(`Model: ${to}`, { timeout: 60_000 });
  await models.page.keyboard.press('Escape');
}

test('nothing piles up however long the page is used', async ({ page }) => {
  test.setTimeout((MINUTES + 15) * 60_000);
  page.setDefaultTimeout(60_000);
  const counter = await Counter.of(page);
  const [complete, runs, probe, models] = [
    new CompletePage(page),
    new RunPage(page),
    new ProbePage(page),
    new ModelsPanel(page),
  ];
  await complete.openQuickly();
  await complete.openModel(fixture('f16-2x32x4'));
  await expect(complete.model).toHaveAccessibleName(`Model: ${OWN}`);
  await tab(page, 'Train');
  await probe.data.pick(await cifar(60, 30));
  await expect(probe.sheet).toBeVisible();
  await probe.data.name.fill('soak');
  await probe.data.name.press('Enter');
  await runs.write({ ...SHORT, 'Pictures a step': 2, 'Pictures to judge by': 4, Steps: 1000 });

  for (const name of ['WASM', 'WebGPU']) {
    await backend(page, name);
    const stock: Stock[] = [];
    const started = Date.now();
    const minutes = () => (Date.now() - started) / 60_000;
    while (stock.length < ROUNDS || minutes() < MINUTES / 2) {
      await switchModel(models, SHIPPED);
      await tab(page, 'About');
      await switchModel(models, OWN);
      await trainAndDelete(runs);
      await look(probe);
      // Last, so that the model has handed its tensors over to what completes when they are counted.
      await draw(complete);
      stock.push({ minutes: minutes(), ...(await counter.count()) });
    }
    console.log(`${name}\n${table(stock)}`);

    // Caches fill and code is compiled at first.
    const settled = stock[Math.max(1, Math.floor(stock.length / 4))];
    // Work that is under way when the last round is counted holds tensors until it ends.
    await expect(async () => {
      const last = await counter.count();
      expect(last.workers).toBe(settled.workers);
      expect(last.tensors).toBeLessThanOrEqual(settled.tensors);
      expect(last.buffers).toBeLessThanOrEqual(settled.buffers);
      expect(last.bufferBytes).toBeLessThanOrEqual(settled.bufferBytes);
      for (const growing of ['pageHeap', 'workerHeap', 'elements', 'listeners'] as const) {
        expect(last[growing], growing).toBeLessThan(1.25 * settled[growing]);
      }
    }).toPass({ timeout: 60_000 });
  }
});

const mb = (bytes: number) => (bytes / 1e6).toFixed(1);

type Stock = Counts & { minutes: number };

/** About ten of the rows, the first and the last among them. */
function table(stock: Stock[]): string {
  const head = ['minutes', 'page heap, MB', 'worker heap, MB', 'browser, MB', 'workers', 'tensors', 'GPU buffers'];
  const every = Math.ceil(stock.length / 10);
  const shown = stock.filter((_, i) => i % every === 0 || i === stock.length - 1);
  const rows = shown.map((s) => [
    s.minutes.toFixed(1),
    mb(s.pageHeap),
    mb(s.workerHeap),
    mb(s.resident),
    s.workers,
    s.tensors,
    `${s.buffers} (${mb(s.bufferBytes)} MB)`,
    s.elements,
    s.listeners,
  ]);
  const line = (cells: unknown[]) => `| ${cells.join(' | ')} |`;
  head.push('elements', 'listeners');
  return [line(head), line(head.map(() => '---:')), ...rows.map(line)].join('\n');
}
