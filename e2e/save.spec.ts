/** Files to take away: their pixels are the pictures' own. */

import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { PNG } from 'pngjs';
import { type Colours, expect, test } from './complete-page.ts';

const SIDE = 16;

/** The file that an action downloads. */
async function downloaded(page: Page, action: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), action()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** The colour of a pixel of a PNG; "unknown" where it is transparent. */
function colourAt(png: PNG, x: number, y: number): string {
  const [red, green, blue, alpha] = png.data.subarray((y * png.width + x) * 4);
  return alpha === 0 ? 'unknown' : `#${Buffer.from([red, green, blue]).toString('hex')}`;
}

/** Every pixel of a square of blocks as one picture; fails where a block is not of one colour. */
function blocks(png: PNG, left: number, top: number, scale: number): Colours {
  return Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [left + (i % SIDE) * scale, top + Math.floor(i / SIDE) * scale];
    const inside = new Set<string>();
    for (let dy = 0; dy < scale; dy++) for (let dx = 0; dx < scale; dx++) inside.add(colourAt(png, x + dx, y + dy));
    expect(inside.size).toBe(1);
    return [...inside][0];
  });
}

test('a saved PNG has exactly the colours of the completion, 32 pixels to each of its own', async ({
  complete,
  page,
}) => {
  await complete.openCompleted('n=2');
  const [, second] = await complete.completions();
  const { name, bytes } = await downloaded(page, () => complete.pick(2, 'Save as PNG'));
  expect(name).toBe('blue-car-2.png');
  const png = PNG.sync.read(bytes);
  expect([png.width, png.height]).toEqual([512, 512]);
  expect(blocks(png, 0, 0, 32)).toEqual(second);
});

test('the original is saved under its own name', async ({ complete, page }) => {
  await complete.openCompleted('n=1');
  await complete.hide('Nothing');
  const whole = await complete.drawn();
  const { name, bytes } = await downloaded(page, () => complete.pick('Original', 'Save as PNG'));
  expect(name).toBe('blue-car-original.png');
  expect(blocks(PNG.sync.read(bytes), 0, 0, 32)).toEqual(whole);
});

test('the sheet has what was given and every completion, side by side on white', async ({ complete, page }) => {
  await complete.openCompleted('n=4');
  const given = await complete.drawn();
  const pictures = await complete.completions();
  const { name, bytes } = await downloaded(page, () => complete.pick(1, 'Save all as one PNG'));
  expect(name).toBe('blue-car-completions.png');
  const png = PNG.sync.read(bytes);
  const [scale, gap, columns] = [8, 8, 3];
  const step = SIDE * scale + gap;
  expect([png.width, png.height]).toEqual([columns * step + gap, 2 * step + gap]);
  const sheet = [given.map((colour) => (colour === 'unknown' ? '#ffffff' : colour)), ...pictures];
  for (const [n, picture] of sheet.entries()) {
    const [left, top] = [gap + (n % columns) * step, gap + Math.floor(n / columns) * step];
    expect(blocks(png, left, top, scale), `picture ${n}`).toEqual(picture);
  }
  expect(colourAt(png, 0, 0)).toBe('#ffffff');
});

test('the animated GIF begins with what was given and ends with the completion', async ({ complete, page }) => {
  await complete.openCompleted('n=1');
  const given = await complete.drawn();
  const [picture] = await complete.completions();
  const { name, bytes } = await downloaded(page, () => complete.pick(1, 'Save as animated GIF'));
  expect(name).toBe('blue-car-1.gif');
  expect(bytes.subarray(0, 6).toString('latin1')).toBe('GIF89a');

  const film = await page.evaluate(
    async ({ encoded, side }) => {
      const data = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
      const decoder = new ImageDecoder({ data, type: 'image/gif' });
      await Promise.all([decoder.tracks.ready, decoder.completed]);
      const { frameCount, repetitionCount } = decoder.tracks.selectedTrack!;
      const coloursOf = async (frameIndex: number) => {
        const { image } = await decoder.decode({ frameIndex });
        const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight);
        const context = canvas.getContext('2d')!;
        context.drawImage(image, 0, 0);
        const scale = canvas.width / side;
        return Array.from({ length: side * side }, (_, i) => {
          const [x, y] = [((i % side) + 0.5) * scale, (Math.floor(i / side) + 0.5) * scale];
          const [red, green, blue] = context.getImageData(x, y, 1, 1).data;
          return `#${[red, green, blue].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
        });
      };
      return { frameCount, repetitionCount, first: await coloursOf(0), last: await coloursOf(frameCount - 1) };
    },
    { encoded: bytes.toString('base64'), side: SIDE },
  );
  // One frame for each pixel that was chosen, after the one that was given.
  expect(film.frameCount).toBe(129);
  expect(film.repetitionCount).toBe(Number.POSITIVE_INFINITY);
  expect(film.last).toEqual(picture);
  expect(film.first.slice(0, 128)).toEqual(given.slice(0, 128));
  expect(new Set(film.first.slice(128)).size).toBe(1);
});
