/** Everything by keyboard alone: no mouse moves in this file. */

import type { FileChooser } from '@playwright/test';
import { type CompletePage, expect, test } from './complete-page.ts';
import { press, tabTo, walkTo } from './keys.ts';
import { records } from './pictures.ts';
import { cifar, ProbePage, SHIPPED } from './probe-page.ts';
import { TrainPage } from './train-page.ts';

/** Walks to the first cell of the editor. */
async function enterEditor(complete: CompletePage): Promise<void> {
  await tabTo(complete.page, complete.drawing);
  await press(complete.page, 'Home');
  await press(complete.page, 'ArrowUp', 16);
}

test('arrow keys and Space draw, and the shortcuts undo and redo', async ({ complete, page }) => {
  await complete.openQuickly();
  const before = await complete.drawn();
  await enterEditor(complete);
  await press(page, 'ArrowDown', 15);
  await press(page, 'ArrowRight', 3);
  await expect(page.getByText('row 16, column 4, unknown')).toBeAttached();
  await press(page, 'Space');
  const drawn = await complete.drawn();
  expect(drawn[15 * 16 + 3]).not.toBe('unknown');
  expect(drawn.filter((colour, i) => colour !== before[i])).toHaveLength(1);
  await expect(page.getByText('row 16, column 4, black')).toBeAttached();

  await press(page, 'Control+z');
  expect(await complete.drawn()).toEqual(before);
  await press(page, 'Control+Shift+z');
  expect(await complete.drawn()).toEqual(drawn);
  await press(page, 'Control+z');
  await press(page, 'Control+y');
  expect(await complete.drawn()).toEqual(drawn);
});

test('Shift with arrows draws on the way, and letters change the tool', async ({ complete, page }) => {
  await complete.openQuickly();
  const before = await complete.drawn();
  await enterEditor(complete);
  await press(page, 'e');
  await expect(page.getByRole('radio', { name: 'Eraser' })).toBeChecked();
  await page.keyboard.down('Shift');
  await press(page, 'ArrowRight', 5);
  await page.keyboard.up('Shift');
  expect(await complete.drawn()).toEqual([...before].fill('unknown', 0, 6));
  // Letting go of Shift ends the stroke: one undo takes all of it back.
  await press(page, 'Control+z');
  expect(await complete.drawn()).toEqual(before);

  await press(page, 'b');
  await press(page, ']');
  await expect(page.getByRole('button', { name: 'Brush width, 2 pixels' })).toBeVisible();
  await press(page, 'g');
  await expect(page.getByRole('radio', { name: 'Fill' })).toBeChecked();
  await press(page, 'i');
  await press(page, 'Enter');
  await expect(page.getByRole('radio', { name: 'Brush' })).toBeChecked();
});

test('a colour is chosen from the palette with arrow keys', async ({ complete, page }) => {
  await complete.openQuickly();
  const button = page.getByRole('button', { name: /Show all colours$/ });
  await tabTo(page, button);
  await press(page, 'Enter');
  const list = page.getByRole('listbox', { name: 'Colours' });
  await expect(list).toBeFocused();
  await press(page, 'ArrowDown', 2);
  await press(page, 'ArrowRight', 3);
  const looked = (await list.getAttribute('aria-activedescendant')) ?? '';
  const label = await page.locator(`[id="${looked}"]`).getAttribute('aria-label');
  await press(page, 'Enter');
  await expect(list).toBeHidden();
  await expect(button).toBeFocused();
  await enterEditor(complete);
  await press(page, 'Space');
  expect(label).toContain((await complete.drawn())[0]);
});

test('from the example to a saved completion without a mouse', async ({ complete, page }) => {
  await complete.openCompleted('n=2');
  // An example.
  await tabTo(page, page.getByRole('button', { name: 'Example: Fire engine' }));
  await press(page, 'Enter');
  await expect(complete.drawing).toHaveAccessibleName(/^Fire engine/);
  await complete.completed();
  // A mask, from a menu.
  await tabTo(page, page.getByRole('radio', { name: 'Brush' }));
  await press(page, 'End');
  await expect(page.getByRole('button', { name: 'Open picture' })).toBeFocused();
  for (const name of ['Clear the drawing', 'Hide a part']) {
    await press(page, 'ArrowLeft');
    await expect(page.getByRole('button', { name })).toBeFocused();
  }
  await press(page, 'Enter');
  await expect(page.getByRole('menuitem', { name: 'Top half' })).toBeFocused();
  for (const name of ['Bottom half', 'Left half', 'Right half', 'Top quarter']) {
    await press(page, 'ArrowDown');
    await expect(page.getByRole('menuitem', { name })).toBeFocused();
  }
  await press(page, 'Enter');
  expect((await complete.drawn()).slice(64)).toEqual(new Array(192).fill('unknown'));
  // The settings.
  await tabTo(page, page.getByRole('slider', { name: 'Temperature' }));
  await press(page, 'ArrowLeft', 4);
  await tabTo(page, complete.seed);
  await page.keyboard.type('42');
  // From anywhere.
  await press(page, 'Control+Enter');
  await expect(complete.outcome).toBeEmpty();
  await complete.completed();
  // A closer look.
  await tabTo(page, complete.card(2));
  await press(page, 'ArrowRight');
  await expect(complete.inspector.getByText(/^Row \d+, column \d+/)).toBeVisible();
  await tabTo(page, page.getByRole('radio', { name: 'Picture' }));
  await walkTo(page, 'ArrowRight', page.getByRole('radio', { name: 'Surprise' }));
  await press(page, 'Space');
  await expect(page.getByRole('radio', { name: 'Surprise' })).toBeChecked();
  // Away with it.
  const download = page.waitForEvent('download');
  await tabTo(page, complete.inspector.getByRole('button', { name: 'Save' }));
  await press(page, 'Enter');
  await expect(page.getByRole('menuitem', { name: 'Use this one' })).toBeFocused();
  await walkTo(page, 'ArrowDown', page.getByRole('menuitem', { name: 'Save as PNG' }));
  await press(page, 'Enter');
  expect((await download).suggestedFilename()).toBe('fire-engine-2.png');
});

test('data is brought in, chosen, renamed, given a palette and deleted without a mouse', async ({ page }) => {
  const train = new TrainPage(page);
  // Heard from the beginning: a key would be quicker than the wish to hear of what it does.
  const choosers: FileChooser[] = [];
  page.on('filechooser', (chooser) => choosers.push(chooser));
  await page.goto('/');
  await tabTo(page, page.getByRole('tab', { name: 'Complete' }));
  await press(page, 'ArrowRight');
  await expect(page.getByRole('tab', { name: 'Train' })).toHaveAttribute('aria-selected', 'true');
  for (const [name, count] of [
    ['data_batch_1.bin', 40],
    ['test_batch.bin', 20],
  ] as const) {
    await tabTo(page, train.button('Choose files'));
    await press(page, 'Enter');
    await expect.poll(() => choosers.length).toBe(1);
    await choosers.pop()!.setFiles({ name, mimeType: '', buffer: Buffer.from(records(count)) });
    await expect(train.sheet(count)).toBeVisible();
  }
  // The newer one is chosen.
  await tabTo(page, train.list.first());
  await press(page, 'ArrowDown');
  await expect(train.list.last()).toBeChecked();
  await expect(train.sheet(40)).toBeVisible();
  await tabTo(page, train.name);
  await press(page, 'Control+a');
  await page.keyboard.type('Mine');
  await press(page, 'Enter');
  await expect(train.list.last()).toHaveAccessibleName(/^Mine /);
  await tabTo(page, train.side(16));
  await walkTo(page, 'ArrowLeft', train.side(8));
  await press(page, 'Space');
  await expect(train.side(8)).toBeChecked();
  await expect(train.palette("The model's palette")).toBeChecked();
  await tabTo(page, train.palette("The model's palette"));
  await walkTo(page, 'ArrowRight', train.palette('Fitted to the data'));
  await press(page, 'Space');
  await expect(train.palette('Fitted to the data')).toBeChecked();
  await tabTo(page, page.getByRole('slider', { name: 'Number of colours' }));
  await press(page, 'Home');
  await press(page, 'ArrowRight', 6);
  await tabTo(page, train.button('Fit a palette'));
  await press(page, 'Enter');
  await expect(train.swatches(8)).toBeVisible();
  await tabTo(page, train.button('Delete'));
  await press(page, 'Enter');
  // The question stands on what changes nothing.
  await expect(train.button('Keep')).toBeFocused();
  await press(page, 'Shift+Tab');
  await expect(train.button('Delete for good')).toBeFocused();
  await press(page, 'Enter');
  await expect(train.list).toHaveCount(1);
  await expect(train.sheet(20)).toBeVisible();
});

test('a model is probed, called off, probed again, looked into and saved without a mouse', async ({ page }) => {
  test.slow();
  const probe = new ProbePage(page);
  const choosers: FileChooser[] = [];
  page.on('filechooser', (chooser) => choosers.push(chooser));
  await page.goto('/');
  await tabTo(page, page.getByRole('tab', { name: 'Complete' }));
  await walkTo(page, 'ArrowRight', page.getByRole('tab', { name: 'Probe' }));
  await expect(page.getByRole('tab', { name: 'Probe' })).toHaveAttribute('aria-selected', 'true');
  await tabTo(page, probe.data.button('Choose files'));
  await press(page, 'Enter');
  await expect.poll(() => choosers.length).toBe(1);
  const files = Object.entries(await cifar(60, 60));
  await choosers.pop()!.setFiles(files.map(([name, bytes]) => ({ name, mimeType: '', buffer: Buffer.from(bytes) })));
  await expect(probe.sheet).toBeVisible();
  await expect(probe.start).toBeEnabled({ timeout: 60_000 });
  await tabTo(page, probe.choice('Models', SHIPPED));
  await tabTo(page, probe.choice('Beside them', 'Untrained model'));
  await press(page, 'Space');
  await expect(probe.choice('Beside them', 'Untrained model')).toHaveAttribute('aria-pressed', 'false');
  await tabTo(page, probe.start);
  await press(page, 'Enter');
  await expect(probe.cancel).toBeFocused();
  await press(page, 'Enter');
  await expect(probe.start).toBeFocused();
  await expect(probe.outcome).toContainText('Stopped');
  await press(page, 'Enter');
  await probe.ends();
  await tabTo(page, probe.view('By layer'));
  await walkTo(page, 'ArrowRight', probe.view('By labels'));
  await press(page, 'Space');
  await expect(probe.view('By labels')).toBeChecked();
  const download = page.waitForEvent('download');
  await tabTo(page, probe.result.getByRole('button', { name: /^Save the chart/ }));
  await press(page, 'Enter');
  await walkTo(page, 'ArrowDown', page.getByRole('menuitem', { name: 'Save as CSV' }));
  await press(page, 'Enter');
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
  await tabTo(page, probe.layerSlider);
  await press(page, 'End');
  await expect(probe.layerSlider).toHaveAttribute('aria-valuetext', '8');
  await expect(probe.layer.getByRole('table', { name: 'Confusion matrix' })).toBeVisible();
});

test('Escape stops a completion', async ({ complete, page }) => {
  await complete.open('n=16&look=1');
  await expect(complete.stop).toBeVisible();
  await press(page, 'Escape');
  await expect(complete.outcome).toContainText('Stopped.');
});

test('Escape closes the models and leaves the completion running', async ({ complete, page }) => {
  // The larger model is still at it when the keyboard has been to the models and back.
  await complete.open('n=8&look=1&m=igpt-cifar-32');
  await expect(complete.stop).toBeVisible();
  await tabTo(page, complete.model);
  await press(page, 'Enter');
  await tabTo(page, page.getByRole('dialog', { name: 'Models' }).getByRole('button', { name: 'Open files' }));
  await press(page, 'Escape');
  await expect(page.getByRole('dialog', { name: 'Models' })).toBeHidden();
  // The next Escape is for the completion.
  await press(page, 'Escape');
  await expect(complete.outcome).toContainText('Stopped.');
});
