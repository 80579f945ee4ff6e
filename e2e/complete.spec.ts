/** Making completions: again and differently, stopped, of another picture, and going on from one. */

import { expect, test } from './complete-page.ts';

test('another seed gives other pictures, and the first seed the first ones again', async ({ complete }) => {
  await complete.openCompleted('n=2&seed=7');
  const first = await complete.completions();

  await complete.seed.fill('8');
  await complete.run();
  const second = await complete.completions();
  expect(second[0]).not.toEqual(first[0]);
  expect(second[1]).not.toEqual(first[1]);

  await complete.seed.fill('7');
  await complete.seed.press('Enter');
  await complete.completed();
  expect(await complete.completions()).toEqual(first);
});

test('a picture does not depend on how many others are made beside it', async ({ complete }) => {
  await complete.openCompleted('n=1');
  const [alone] = await complete.completions();
  await complete.slide('Variants', 3);
  await complete.run();
  const together = await complete.completions();
  expect(together).toHaveLength(3);
  expect(together[0]).toEqual(alone);
});

test('the dice button throws a new seed', async ({ complete }) => {
  await complete.openCompleted('n=1&seed=123456789');
  await complete.page.getByRole('button', { name: 'Random seed' }).click();
  await expect(complete.seed).not.toHaveValue('123456789');
  await expect(complete.seed).toHaveValue(/^\d+$/);
});

test('what is no number never becomes the seed', async ({ complete }) => {
  await complete.openCompleted('n=1&seed=5');
  await complete.seed.fill('five');
  await complete.seed.press('Tab');
  await expect(complete.seed).toHaveValue('5');
});

test('Stop ends a long completion at once, and the next one works', async ({ complete }) => {
  await complete.openCompleted('n=1');
  await complete.hide('Everything');
  await complete.slide('Variants', 16);
  await complete.showMoreSettings();
  await complete.page.getByRole('switch', { name: 'Look-ahead' }).click();
  await complete.start.click();
  await complete.stop.click();
  await expect(complete.outcome).toContainText('Stopped.');
  await expect(complete.start).toBeEnabled();
  // The first colours are there, the last are not.
  const stopped = await complete.completions();
  expect(stopped).toHaveLength(16);
  for (const picture of stopped) expect(picture.at(-1)).toBe('unknown');

  await complete.page.getByRole('switch', { name: 'Look-ahead' }).click();
  await complete.slide('Variants', 1);
  await complete.run();
  expect((await complete.completions()).flat()).not.toContain('unknown');
});

test('a new completion may be asked for as soon as another example is chosen', async ({ complete }) => {
  await complete.openCompleted('n=2');
  const first = await complete.drawn();
  const before = await complete.completions();
  const horse = complete.page.getByRole('button', { name: 'Example: Horse' });
  await horse.click();
  await expect(horse).toHaveAttribute('aria-pressed', 'true');
  await expect(complete.drawing).toHaveAccessibleName(/^Horse/);
  await complete.completed();
  await expect(complete.page.getByText('Made on this device')).toBeVisible();
  expect(await complete.drawn()).not.toEqual(first);
  const after = await complete.completions();
  expect(after).toHaveLength(2);
  expect(after[0].slice(0, 16)).not.toEqual(before[0].slice(0, 16));
  expect(after[0].slice(0, 128)).toEqual((await complete.drawn()).slice(0, 128));
});

test('one completion to sixteen are made side by side', async ({ complete }) => {
  await complete.openCompleted('n=2');
  for (const count of [1, 16]) {
    await complete.slide('Variants', count);
    await complete.run();
    await expect(complete.outcome).toContainText(count === 1 ? '1 completion.' : `${count} completions`);
    const pictures = await complete.completions();
    expect(pictures).toHaveLength(count);
    expect(pictures.flat()).not.toContain('unknown');
  }
});

test('every picture has its bits per pixel, and so has the original', async ({ complete }) => {
  await complete.openCompleted('n=2');
  // Nobody's pixels cost more than a blind guess, and none are free.
  for (const which of [1, 2, 'Original'] as const) {
    const bits = await complete.bits(which);
    expect(bits).toBeGreaterThan(0);
    expect(bits).toBeLessThan(12);
  }
});

test('a completion becomes the drawing, to be drawn on and completed again', async ({ complete }) => {
  await complete.openCompleted('n=2');
  const [, second] = await complete.completions();
  await complete.pick(2, 'Use this one');
  expect(await complete.drawn()).toEqual(second);

  await complete.start.click();
  await expect(complete.notice('Every pixel is drawn already.')).toBeVisible();

  await complete.hide('Bottom half');
  await complete.run();
  for (const picture of await complete.completions()) expect(picture.slice(128)).toEqual(second.slice(128));
});

test('the enlarged completion can be used from beside it too', async ({ complete }) => {
  await complete.openCompleted('n=2');
  const [, second] = await complete.completions();
  await complete.card(2).click();
  await complete.inspector.getByRole('button', { name: 'Use this one' }).click();
  expect(await complete.drawn()).toEqual(second);
});
