/** Drawing in the editor with the mouse, and completing what was drawn. */

import { type Colours, type CompletePage, expect, test } from './complete-page.ts';

const SIDE = 16;
const row = (colours: Colours, y: number): Colours => colours.slice(y * SIDE, (y + 1) * SIDE);
const blank: Colours = new Array(SIDE * SIDE).fill('unknown');

/** The page with nothing drawn. */
async function openBlank(complete: CompletePage): Promise<void> {
  await complete.openQuickly();
  await complete.page.getByRole('button', { name: 'Clear the drawing' }).click();
  expect(await complete.drawn()).toEqual(blank);
}

test('a mouse stroke draws in the chosen colour, and undo and redo take it back and forth', async ({ complete }) => {
  await openBlank(complete);
  const undo = complete.page.getByRole('button', { name: 'Undo' });
  const redo = complete.page.getByRole('button', { name: 'Redo' });
  const colour = await complete.takeColour(100);
  await complete.stroke({ x: 2, y: 3 }, { x: 10, y: 3 });
  const expected = [...blank];
  expected.fill(colour, 3 * SIDE + 2, 3 * SIDE + 11);
  expect(await complete.drawn()).toEqual(expected);

  // One stroke is one step, however many pixels it has.
  await undo.click();
  expect(await complete.drawn()).toEqual(blank);
  await redo.click();
  expect(await complete.drawn()).toEqual(expected);
  await expect(redo).toBeDisabled();
  await undo.click();
  await complete.stroke({ x: 0, y: 0 });
  await expect(redo).toBeDisabled();
});

test('undo brings back a drawing that was cleared away', async ({ complete }) => {
  await complete.openQuickly();
  const before = await complete.drawn();
  await complete.page.getByRole('button', { name: 'Clear the drawing' }).click();
  expect(await complete.drawn()).toEqual(blank);
  await complete.page.getByRole('button', { name: 'Undo' }).click();
  expect(await complete.drawn()).toEqual(before);
});

test('a stroke that leaves the picture and comes back stays inside and ends with the button', async ({ complete }) => {
  await openBlank(complete);
  const { page } = complete;
  const edge = await complete.middleOf(complete.drawing, { x: 15, y: 5 });
  const back = await complete.middleOf(complete.drawing, { x: 12, y: 9 });
  await page.mouse.move(edge.x, edge.y);
  await page.mouse.down();
  await page.mouse.move(edge.x + 60, edge.y, { steps: 3 });
  await page.mouse.move(back.x, back.y, { steps: 6 });
  await page.mouse.up();
  await page.mouse.move(edge.x - 100, edge.y);
  const drawn = await complete.drawn();
  expect(drawn[5 * SIDE + 15]).not.toBe('unknown');
  expect(drawn[9 * SIDE + 12]).not.toBe('unknown');
  expect(row(drawn, 5).slice(0, 14)).toEqual(new Array(14).fill('unknown'));
});

test('the eraser and the right mouse button make pixels unknown', async ({ complete }) => {
  await complete.openQuickly();
  const before = await complete.drawn();
  await complete.choose('Eraser');
  await complete.stroke({ x: 0, y: 0 }, { x: 15, y: 0 });
  const expected = [...before].fill('unknown', 0, SIDE);
  expect(await complete.drawn()).toEqual(expected);

  await complete.choose('Brush');
  const { x, y } = await complete.middleOf(complete.drawing, { x: 4, y: 2 });
  await complete.page.mouse.click(x, y, { button: 'right' });
  expected[2 * SIDE + 4] = 'unknown';
  expect(await complete.drawn()).toEqual(expected);
});

test('a wider brush draws broader', async ({ complete }) => {
  await openBlank(complete);
  await complete.page.getByRole('button', { name: 'Brush width, 1 pixel' }).click();
  await complete.page.getByRole('menuitemradio', { name: '3 pixels' }).click();
  await complete.stroke({ x: 7, y: 7 });
  const drawn = await complete.drawn();
  expect(drawn.filter((colour) => colour !== 'unknown')).toHaveLength(9);
  expect(drawn[6 * SIDE + 6]).toBe(drawn[8 * SIDE + 8]);
});

test('fill colours what hangs together and nothing else', async ({ complete }) => {
  await openBlank(complete);
  const line = await complete.takeColour(10);
  await complete.stroke({ x: 0, y: 8 }, { x: 15, y: 8 });
  const sky = await complete.takeColour(300);
  expect(sky).not.toBe(line);
  await complete.choose('Fill');
  await complete.stroke({ x: 5, y: 2 });
  const drawn = await complete.drawn();
  expect(new Set(drawn.slice(0, 8 * SIDE))).toEqual(new Set([sky]));
  expect(new Set(row(drawn, 8))).toEqual(new Set([line]));
  expect(new Set(drawn.slice(9 * SIDE))).toEqual(new Set(['unknown']));
});

test('the picker takes a colour from the drawing', async ({ complete }) => {
  await complete.openQuickly();
  const wanted = (await complete.drawn())[3 * SIDE + 12];
  await complete.choose('Colour picker');
  await complete.stroke({ x: 12, y: 3 });
  await expect(complete.page.getByRole('radio', { name: 'Brush' })).toBeChecked();
  await complete.stroke({ x: 1, y: 14 });
  expect((await complete.drawn())[14 * SIDE + 1]).toBe(wanted);
});

test('each way of hiding keeps the part that it names', async ({ complete }) => {
  await complete.openCompleted('n=1');
  await complete.hide('Nothing');
  const whole = await complete.drawn();
  expect(whole).not.toContain('unknown');
  const parts: Record<string, (x: number, y: number) => boolean> = {
    'Top half': (_x, y) => y < 8,
    'Bottom half': (_x, y) => y >= 8,
    'Left half': (x) => x < 8,
    'Right half': (x) => x >= 8,
    'Top quarter': (_x, y) => y < 4,
    Centre: (x, y) => x < 4 || x >= 12 || y < 4 || y >= 12,
    Everything: () => false,
    Nothing: () => true,
  };
  for (const [part, keeps] of Object.entries(parts)) {
    await complete.hide(part);
    const expected = whole.map((colour, i) => (keeps(i % SIDE, Math.floor(i / SIDE)) ? colour : 'unknown'));
    expect(await complete.drawn(), part).toEqual(expected);
  }
});

test('what was drawn is completed, and stays in every completion', async ({ complete }) => {
  await openBlank(complete);
  await complete.takeColour(50);
  await complete.stroke({ x: 3, y: 4 }, { x: 12, y: 4 });
  await complete.takeColour(400);
  await complete.stroke({ x: 8, y: 10 }, { x: 8, y: 13 });
  await expect(complete.page.getByText('The drawing has changed since.')).toBeVisible();
  const drawn = await complete.drawn();
  await complete.slide('Variants', 3);
  await complete.run();
  const pictures = await complete.completions();
  expect(pictures).toHaveLength(3);
  for (const picture of pictures) {
    expect(picture).not.toContain('unknown');
    expect(picture.map((colour, i) => (drawn[i] === 'unknown' ? 'unknown' : colour))).toEqual(drawn);
  }
  // Nothing lies under a drawing of one's own.
  await expect(complete.card('Original')).toBeHidden();
});

test('drawing on while a completion runs does not change that completion', async ({ complete }) => {
  await complete.openCompleted('n=8');
  const given = await complete.drawn();
  await complete.start.click();
  await complete.stroke({ x: 0, y: 0 }, { x: 15, y: 7 });
  await complete.completed();
  for (const picture of await complete.completions()) expect(picture.slice(0, 128)).toEqual(given.slice(0, 128));
});
