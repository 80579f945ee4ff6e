/** A link carries the drawing and the settings to another person. */

import type { BrowserContext } from '@playwright/test';
import { hex, nearestColour, paletteColour } from '../src/canvas/colour.ts';
import { CompletePage, expect, test } from './complete-page.ts';
import { fixture } from './model-files.ts';

/** What a person has on the clipboard after "Copy link". */
async function copyLink(complete: CompletePage, context: BrowserContext): Promise<string> {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await complete.pick(1, 'Copy link');
  await expect(complete.notice('The link is copied.')).toBeVisible();
  return complete.page.evaluate(() => navigator.clipboard.readText());
}

test('a copied link brings the drawing, the settings and the very same completions to another person', async ({
  complete,
  page,
  context,
  browser,
}) => {
  await complete.openCompleted('n=1');
  await complete.takeColour(77);
  await complete.stroke({ x: 1, y: 1 }, { x: 14, y: 5 });
  await complete.choose('Eraser');
  await complete.stroke({ x: 8, y: 3 }, { x: 8, y: 7 });
  await complete.slide('Variants', 3);
  await complete.slide('Temperature', 0.85);
  await complete.seed.fill('4711');
  await complete.showMoreSettings();
  await complete.slide('Top-k', 12);
  await complete.slide('Top-p', 0.9);
  await page.getByRole('switch', { name: 'Look-ahead' }).click();
  await complete.run();
  const drawn = await complete.drawn();
  const pictures = await complete.completions();
  const link = await copyLink(complete, context);
  expect(link).toBe(page.url());

  const stranger = await browser.newContext();
  const there = new CompletePage(await stranger.newPage());
  await there.page.goto(link);
  await there.completed();
  expect(await there.drawn()).toEqual(drawn);
  const value = (name: string) => there.page.getByRole('slider', { name, exact: true }).getAttribute('aria-valuenow');
  expect(await value('Variants')).toBe('3');
  expect(Number(await value('Temperature'))).toBe(0.85);
  await expect(there.seed).toHaveValue('4711');
  await there.showMoreSettings();
  expect(await value('Top-k')).toBe('12');
  expect(Number(await value('Top-p'))).toBe(0.9);
  await expect(there.page.getByRole('switch', { name: 'Look-ahead' })).toBeChecked();
  expect(await there.completions()).toEqual(pictures);
  await stranger.close();
});

test('the address follows the drawing, so that a reload loses nothing', async ({ complete, page }) => {
  await complete.openCompleted('n=1');
  await complete.stroke({ x: 3, y: 12 }, { x: 9, y: 14 });
  await complete.seed.fill('99');
  const drawn = await complete.drawn();
  await expect.poll(() => page.url()).toMatch(/[?&]d=.*seed=99/);
  await page.reload();
  await complete.completed();
  expect(await complete.drawn()).toEqual(drawn);
  await expect(complete.seed).toHaveValue('99');
});

test('the link of an example brings its original and what was made earlier', async ({ complete, context, browser }) => {
  await complete.openCompleted('n=1');
  await complete.page.getByRole('button', { name: 'Example: Tugboat' }).click();
  await complete.completed();
  const drawn = await complete.drawn();
  const link = await copyLink(complete, context);

  const stranger = await browser.newContext();
  const there = new CompletePage(await stranger.newPage());
  await there.page.route('**/model.safetensors', () => {});
  await there.page.goto(link);
  await expect(there.page.getByText('Made earlier by the same model')).toBeVisible();
  await expect(there.drawing).toHaveAccessibleName(/^Tugboat/);
  expect(await there.drawn()).toEqual(drawn);
  await expect(there.card('Original')).toBeVisible();
  await there.page.unrouteAll({ behavior: 'ignoreErrors' });
  await stranger.close();
});

test('where the browser forbids copying, the link can be copied by hand', async ({ complete, page }) => {
  await complete.openCompleted('n=1');
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden'));
  });
  await complete.pick(1, 'Copy link');
  await expect(complete.notice('The browser does not let this page copy.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Text to copy' })).toHaveValue(page.url());
});

test('a new hash in the open page is followed', async ({ complete, page }) => {
  await complete.openCompleted('n=1');
  await page.evaluate(() => {
    location.hash = '#about';
  });
  await expect(page.getByRole('heading', { name: 'What Image GPT is' })).toBeVisible();
  await page.evaluate(() => {
    location.hash = '#complete?n=2&seed=31';
  });
  await expect(complete.seed).toHaveValue('31');
});

test("a link that is followed while a model of one's own is open brings its drawing unspoilt", async ({
  complete,
  page,
}) => {
  await complete.openCompleted('n=1');
  const drawn = await complete.drawn();
  const link = await page.evaluate(() => location.hash);
  await complete.openModel(fixture('bf16-1x40x2'));
  await expect(complete.drawing).toHaveAccessibleName(/8 by 8 pixels$/);
  await expect(complete.start).toBeEnabled();
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `${link}&seed=3`);
  await expect(complete.model).toHaveAccessibleName('Model: CIFAR-10, 16 × 16');
  await expect.poll(() => complete.drawn()).toEqual(drawn);
});

test("a link made with a model of one's own shows others the drawing in the nearest colours", async ({
  complete,
  context,
  browser,
}) => {
  await complete.openQuickly();
  await complete.openModel(fixture('bf16-1x40x2'));
  await expect(complete.drawing).toHaveAccessibleName(/8 by 8 pixels$/);
  await complete.hide('Top half');
  await complete.run();
  const drawn = await complete.drawn();
  const link = await copyLink(complete, context);

  const stranger = await browser.newContext();
  const there = new CompletePage(await stranger.newPage());
  await there.page.goto(link);
  const palette = Uint8Array.from(
    await there.page.evaluate(async () => (await (await fetch('examples/igpt-cifar-16.json')).json()).palette),
  );
  // Each of 8 × 8 pixels stands as 2 × 2.
  const expected = Array.from({ length: 256 }, (_, i) => {
    const colour = drawn[Math.floor(i / 32) * 8 + Math.floor((i % 16) / 2)];
    if (colour === 'unknown') return colour;
    const [red, green, blue] = Buffer.from(colour.slice(1), 'hex');
    return hex(paletteColour(palette, nearestColour(palette, [red, green, blue])));
  });
  // Before any model has come: the colours are those of the examples.
  await expect.poll(() => there.drawn()).toEqual(expected);
  await stranger.close();
});

const damaged: { what: string; settings: string; sentences: string[] }[] = [
  {
    what: 'a drawing that is cut short',
    settings: 'n=1&d=EIAG',
    sentences: ['The drawing in this link could not be read; an example is used instead.'],
  },
  {
    what: 'settings that are no numbers',
    settings: 'n=1&seed=banana&t=hot',
    sentences: [
      'The seed in this link could not be read; 1 is used instead.',
      'The temperature in this link could not be read; 1 is used instead.',
    ],
  },
  {
    what: 'numbers out of range',
    settings: 'n=99&k=-1',
    sentences: [
      'The number of variants in this link could not be read; 8 is used instead.',
      'The top-k in this link could not be read; all colours is used instead.',
    ],
  },
  {
    what: 'a part of some later version',
    settings: 'n=1&hologram=1',
    sentences: ['This link has a part that this page does not know; it is ignored.'],
  },
  {
    what: 'a model that is not here',
    settings: 'n=1&m=igpt-xl',
    sentences: ['This link asks for a model that is not here; the usual one is used.'],
  },
];

for (const { what, settings, sentences } of damaged) {
  test(`a link with ${what} says so, and the page works`, async ({ complete }) => {
    await complete.open(settings);
    for (const sentence of sentences) await expect(complete.notice(sentence)).toBeVisible();
    await complete.completed();
    expect((await complete.completions()).flat()).not.toContain('unknown');
  });
}

test('a link to no part of this page opens Complete and says so', async ({ complete, page }) => {
  await page.goto('/#nowhere?n=1');
  await expect(complete.notice('This link names no part of this page; Complete is shown.')).toBeVisible();
  await complete.completed();
});
