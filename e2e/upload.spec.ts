/** Pictures of the visitor's own: chosen, dropped, pasted; and files that are none. */

import { type Colours, type CompletePage, expect, test } from './complete-page.ts';
import { cmykJpeg, gifOfOnePixel, pngPicture, pngThatClaims } from './pictures.ts';

const SIDE = 16;

/** A picture in colours that the model's palette has, so that it must arrive unchanged. */
async function paletteColours(complete: CompletePage): Promise<Colours> {
  const palette = await complete.page.evaluate(
    async () => (await (await fetch('examples/igpt-cifar-16.json')).json()).palette,
  );
  return Array.from({ length: SIDE * SIDE }, (_, i) => {
    const colour = (i * 37) % (palette.length / 3);
    return `#${Buffer.from(palette.slice(3 * colour, 3 * colour + 3)).toString('hex')}`;
  });
}

/** The picture as a PNG file, each pixel as a square. */
function pngOf(colours: Colours, scale: number): Buffer {
  return pngPicture(SIDE * scale, SIDE * scale, (x, y) =>
    bytesOf(colours[Math.floor(y / scale) * SIDE + Math.floor(x / scale)]),
  );
}

/** "#ff8000" → [255, 128, 0] */
const bytesOf = (colour: string) => [...Buffer.from(colour.slice(1), 'hex')] as [number, number, number];

/** The upper half is there, and the lower one is the model's. */
async function expectOpened(complete: CompletePage, colours: Colours): Promise<void> {
  const expected = [...colours].fill('unknown', 128);
  await expect.poll(() => complete.drawn()).toEqual(expected);
}

test('a chosen PNG arrives in its own colours, is completed and compared with the original', async ({ complete }) => {
  await complete.openQuickly();
  const colours = await paletteColours(complete);
  await complete.openPicture('My cat.png', 'image/png', pngOf(colours, 5));
  await expectOpened(complete, colours);
  await expect(complete.drawing).toHaveAccessibleName(/^My cat,/);
  await complete.run();
  for (const picture of await complete.completions()) expect(picture.slice(0, 128)).toEqual(colours.slice(0, 128));
  await expect(complete.card('Original')).toBeVisible();
  // What is hidden comes back from the picture below.
  await complete.hide('Nothing');
  expect(await complete.drawn()).toEqual(colours);
});

test('the same picture may be chosen twice', async ({ complete }) => {
  await complete.openQuickly();
  const colours = await paletteColours(complete);
  await complete.openPicture('cat.png', 'image/png', pngOf(colours, 1));
  await expectOpened(complete, colours);
  await complete.page.getByRole('button', { name: 'Clear the drawing' }).click();
  await complete.openPicture('cat.png', 'image/png', pngOf(colours, 1));
  await expectOpened(complete, colours);
});

test('a picture can be dropped anywhere on the page', async ({ complete, page }) => {
  await complete.openQuickly();
  const colours = await paletteColours(complete);
  const files = await page.evaluateHandle(
    (bytes) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], 'dropped.png', { type: 'image/png' }));
      return data;
    },
    [...pngOf(colours, 2)],
  );
  await complete.inspector.dispatchEvent('dragenter', { dataTransfer: files });
  await expect(page.getByText('Drop a picture or a model to open it')).toBeVisible();
  await complete.inspector.dispatchEvent('dragover', { dataTransfer: files });
  await complete.inspector.dispatchEvent('drop', { dataTransfer: files });
  await expectOpened(complete, colours);
  await expect(page.getByText('Drop a picture or a model to open it')).toBeHidden();
});

test('a copied picture can be pasted anywhere on the page', async ({ complete, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await complete.openQuickly();
  const colours = await paletteColours(complete);
  await page.evaluate(
    async (bytes) => {
      const picture = new Blob([new Uint8Array(bytes)], { type: 'image/png' });
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
    },
    [...pngOf(colours, 2)],
  );
  await complete.drawing.focus();
  await page.keyboard.press('Control+v');
  await expectOpened(complete, colours);
});

test('of an animation the first frame is used, and the page says so', async ({ complete }) => {
  await complete.openQuickly();
  const [first, second] = await paletteColours(complete);
  await complete.openPicture('blink.gif', 'image/gif', gifOfOnePixel(bytesOf(first), bytesOf(second)));
  await expect(complete.notice('This is an animation: its first frame is used.')).toBeVisible();
  await expectOpened(complete, new Array(256).fill(first));
});

test('a picture of one pixel fills the drawing with its colour', async ({ complete }) => {
  await complete.openQuickly();
  const [colour] = await paletteColours(complete);
  const file = pngPicture(1, 1, () => bytesOf(colour));
  await complete.openPicture('dot.png', 'image/png', file);
  await expectOpened(complete, new Array(256).fill(colour));
});

test('a JPEG in the four inks of print arrives in its colours', async ({ complete }) => {
  await complete.openQuickly();
  await complete.openPicture('print.jpg', 'image/jpeg', cmykJpeg([255, 0, 255, 0]));
  await expect(complete.drawing).toHaveAccessibleName(/^print,/);
  const [first, ...others] = await complete.drawn();
  expect(new Set(others.slice(0, 127))).toEqual(new Set([first]));
  const [red, green, blue] = bytesOf(first);
  expect(green).toBeGreaterThan(red + 40);
  expect(green).toBeGreaterThan(blue + 40);
});

const good = pngPicture(16, 16, (x, y) => [x * 16, y * 16, 128]);

const refused: { what: string; name: string; bytes: Buffer; sentence: string | RegExp }[] = [
  {
    what: 'a text that is called a picture',
    name: 'notes.png',
    bytes: Buffer.from('Dear diary, today I drew nothing.'),
    sentence: 'This file is not a picture that can be read: PNG, JPEG, GIF, WebP, AVIF or BMP is needed.',
  },
  {
    what: 'a small file that claims 400 million pixels',
    name: 'bomb.png',
    bytes: pngThatClaims(20_000, 20_000),
    sentence: 'This picture has 20000 × 20000 pixels, more than the 64 million that can be read.',
  },
  {
    what: 'an empty file',
    name: 'empty.png',
    bytes: Buffer.alloc(0),
    sentence: 'This file is not a picture that can be read',
  },
  {
    what: 'a PNG that breaks off in its header',
    name: 'cut.png',
    bytes: good.subarray(0, 30),
    sentence: 'This PNG picture is cut off or damaged.',
  },
  {
    what: 'a PNG that breaks off among its pixels',
    name: 'half.png',
    bytes: good.subarray(0, good.length >> 1),
    sentence: 'This PNG picture could not be decoded: it is damaged, or this browser does not know the format.',
  },
  {
    what: 'a PNG whose pixels are rubbish',
    name: 'rubbish.png',
    bytes: Buffer.from(good.map((byte, i) => (i > 45 && i < good.length - 12 ? byte ^ 0x5a : byte))),
    sentence: 'This PNG picture could not be decoded: it is damaged, or this browser does not know the format.',
  },
];

for (const { what, name, bytes, sentence } of refused) {
  test(`${what} is refused in one sentence, and the drawing stays`, async ({ complete }) => {
    await complete.openQuickly();
    const before = await complete.drawn();
    await complete.openPicture(name, 'image/png', bytes);
    await expect(complete.notice(sentence)).toBeVisible();
    expect(await complete.drawn()).toEqual(before);

    const colours = await paletteColours(complete);
    await complete.openPicture('good.png', 'image/png', pngOf(colours, 3));
    await expectOpened(complete, colours);
    await complete.run();
  });
}
