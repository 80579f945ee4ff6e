/** The settings of the sampler reach the pictures. */

import { expect, test } from './complete-page.ts';

test('at temperature 0 all completions are the same: the likeliest colours', async ({ complete }) => {
  await complete.openCompleted('n=3');
  await complete.slide('Temperature', 0);
  await complete.run();
  const [first, ...others] = await complete.completions();
  for (const other of others) expect(other).toEqual(first);
});

test('a higher temperature makes more surprising pictures', async ({ complete }) => {
  await complete.openCompleted('n=2&t=0.5');
  const cool = (await complete.bits(1)) + (await complete.bits(2));
  await complete.slide('Temperature', 2);
  await complete.run();
  const hot = (await complete.bits(1)) + (await complete.bits(2));
  expect(hot).toBeGreaterThan(cool + 1);
});

test('with one colour left by top-k, the likeliest is taken as at temperature 0', async ({ complete }) => {
  await complete.openCompleted('n=2&t=0');
  const [likeliest] = await complete.completions();
  await complete.slide('Temperature', 1);
  await complete.showMoreSettings();
  await complete.slide('Top-k', 1);
  await expect(complete.page.getByText('1 likeliest')).toBeVisible();
  await complete.run();
  for (const picture of await complete.completions()) expect(picture).toEqual(likeliest);
});

test('a small top-p leaves only likely colours', async ({ complete }) => {
  await complete.openCompleted('n=2');
  const before = await complete.completions();
  const open = (await complete.bits(1)) + (await complete.bits(2));
  await complete.showMoreSettings();
  await complete.slide('Top-p', 0.2);
  await complete.run();
  expect(await complete.completions()).not.toEqual(before);
  expect((await complete.bits(1)) + (await complete.bits(2))).toBeLessThan(open - 1);
});

test('look-ahead lets the pixels drawn further down replace completions that foresee them badly', async ({
  complete,
}) => {
  await complete.openCompleted('n=2');
  await complete.hide('Right half');
  await complete.run();
  const blind = await complete.completions();
  await complete.showMoreSettings();
  await complete.page.getByRole('switch', { name: 'Look-ahead' }).click();
  await complete.run();
  await expect(complete.outcome).toContainText(/look-ahead replaced \d+/);
  const seeing = await complete.completions();
  expect(seeing).not.toEqual(blind);
  const drawn = await complete.drawn();
  for (const picture of seeing) {
    expect(picture.map((colour, i) => (drawn[i] === 'unknown' ? 'unknown' : colour))).toEqual(drawn);
  }
});
