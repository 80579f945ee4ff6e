/** Looking closer: what the model weighed at a pixel, and the other ways of seeing a picture. */

import { type CompletePage, coloursOf, expect, test } from './complete-page.ts';

/** The colours weighed at the chosen pixel and their shares in percent, as listed. */
async function weighed(complete: CompletePage): Promise<{ colour: string; percent: number; chosen: boolean }[]> {
  const rows = await complete.inspector.getByRole('list', { name: 'Likeliest colours' }).getByRole('listitem').all();
  const texts = await Promise.all(rows.map((row) => row.innerText()));
  return texts.map((text) => ({
    colour: /#[0-9a-f]{6}/.exec(text)?.[0] ?? '',
    percent: Number(/([\d.]+) %/.exec(text)?.[1]),
    chosen: text.includes('chosen'),
  }));
}

test('pointing at a generated pixel lists the colours weighed there, likeliest first', async ({ complete }) => {
  await complete.openCompleted('n=2');
  await complete.pointAt(complete.card(2), { x: 4, y: 12 });
  await expect(complete.inspector.getByText('Row 13, column 5')).toBeVisible();
  const [, second] = await complete.completions();
  await expect(complete.inspector.getByText(second[12 * 16 + 4]).first()).toBeVisible();

  const list = await weighed(complete);
  expect(list).toHaveLength(6);
  const shares = list.map(({ percent }) => percent);
  expect(shares).toEqual([...shares].sort((a, b) => b - a));
  // Each is rounded to a tenth of a percent.
  expect(shares.reduce((a, b) => a + b)).toBeLessThanOrEqual(100.3);
  expect(shares[0]).toBeGreaterThan(0);
  expect(new Set(list.map(({ colour }) => colour)).size).toBe(6);

  await complete.page.mouse.move(0, 0);
  await expect(complete.inspector.getByText('Row 13, column 5')).toBeHidden();
});

test('at temperature 0 the chosen colour is the first of those weighed, at every pixel looked at', async ({
  complete,
}) => {
  await complete.openCompleted('n=1&t=0');
  const [picture] = await complete.completions();
  for (const { x, y } of [
    { x: 0, y: 8 },
    { x: 15, y: 11 },
    { x: 7, y: 15 },
  ]) {
    await complete.pointAt(complete.card(1), { x, y });
    await expect(complete.inspector.getByText(`Row ${y + 1}, column ${x + 1}`)).toBeVisible();
    const [first] = await weighed(complete);
    expect(first.colour).toBe(picture[y * 16 + x]);
    expect(first.chosen).toBe(true);
  }
});

test('a given pixel is called given', async ({ complete }) => {
  await complete.openCompleted('n=1');
  await complete.pointAt(complete.card(1), { x: 3, y: 2 });
  await expect(complete.inspector.getByText(/#[0-9a-f]{6}, given/)).toBeVisible();
});

test('arrow keys go from pixel to pixel of a completion', async ({ complete }) => {
  await complete.openCompleted('n=2');
  const { inspector, page } = complete;
  await complete.card(2).focus();
  await expect(inspector.getByText('Completion 2', { exact: true })).toBeVisible();
  await page.keyboard.press('ArrowRight');
  const place = inspector.getByText(/^Row \d+, column \d+/);
  await expect(place).toBeVisible();
  const numbers = async () => (await place.innerText()).match(/\d+/g)!.slice(0, 2).map(Number);
  const [row, column] = await numbers();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(numbers).toEqual([row + 1, column + 1]);
  const list = await weighed(complete);
  expect(list).toHaveLength(6);
});

test('surprise and uncertainty are drawn as heat, and the picture comes back', async ({ complete }) => {
  await complete.openCompleted('n=1');
  const looks = new Map<string, string>();
  for (const view of ['Picture', 'Surprise', 'Uncertainty']) {
    await complete.choose(view);
    await expect(complete.page.getByRole('radio', { name: view })).toBeChecked();
    looks.set(view, (await coloursOf(complete.lens)).join());
  }
  expect(new Set(looks.values()).size).toBe(3);
  await expect(complete.inspector.getByText('9 bits', { exact: true })).toBeVisible();
  await complete.choose('Picture');
  expect((await coloursOf(complete.lens)).join()).toBe(looks.get('Picture'));
});

test('attention shows where a head looked, and each layer and head looks elsewhere', async ({ complete }) => {
  await complete.openCompleted('n=1');
  const { inspector, lens, page } = complete;
  const plain = await coloursOf(lens);
  await complete.choose('Attention');
  await expect(inspector.getByText('Looks at the start symbol')).toBeVisible();
  await expect(inspector.getByText('Looks at the start symbol').locator('..')).toContainText('%');
  const seen = [plain.join()];
  const look = async () => {
    await expect.poll(async () => seen.includes((await coloursOf(lens)).join())).toBe(false);
    seen.push((await coloursOf(lens)).join());
  };
  await look();
  await complete.slide('Layer', 2);
  await look();
  await complete.slide('Head', 2);
  await look();
  // Another pixel was predicted from other pixels.
  await lens.focus();
  await page.keyboard.press('ArrowDown');
  await look();
});

test('no pixel is said to have looked at one after it', async ({ complete }) => {
  await complete.openCompleted('n=1');
  await complete.choose('Attention');
  await expect(complete.inspector.getByText('Looks at the start symbol').locator('..')).toContainText('%');
  const seenFrom = async (y: number) => {
    await complete.pointAt(complete.lens, { x: 0, y });
    await expect(complete.inspector.getByText(`Row ${y + 1}, column 1`, { exact: true })).toBeVisible();
    return coloursOf(complete.lens);
  };
  const one = await seenFrom(10);
  const rowLater = await seenFrom(11);
  // What lies after both is faded alike; the row between them can only be seen from the later one.
  expect(rowLater.slice(11 * 16)).toEqual(one.slice(11 * 16));
  expect(rowLater.slice(10 * 16, 11 * 16)).not.toEqual(one.slice(10 * 16, 11 * 16));
});

test('of completions made earlier the page says why it knows no weighed colours', async ({ complete }) => {
  // A model that never comes leaves those made earlier on the screen.
  await complete.page.route('**/model.safetensors', () => {});
  await complete.open();
  await complete.pointAt(complete.card(3), { x: 4, y: 12 });
  await expect(complete.inspector.getByText('This completion was made earlier.')).toBeVisible();
  await complete.page.unrouteAll({ behavior: 'ignoreErrors' });
});
