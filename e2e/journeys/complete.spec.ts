/** Completing in every engine: an example, a drawing, a picture of one's own, a link that another person opens. */

import { writeFile } from 'node:fs/promises';
import { pngPicture } from '../pictures.ts';
import { expect, test } from './journey.ts';
import { CompleteWorkspace } from './workspaces.ts';

const SIDE = 16;
const blank: string[] = new Array(SIDE * SIDE).fill('unknown');

test('an example is completed', async ({ visit }) => {
  const complete = new CompleteWorkspace(visit);
  await complete.open('n=2');
  await visit.find('button', 'Example: Tugboat').click();
  await complete.completed();
  const drawn = await complete.drawing.colours();
  const given = drawn.filter((colour) => colour !== 'unknown').length;
  expect(given).toBe(128);
  const completions = await complete.completions();
  expect(completions).toHaveLength(2);
  for (const picture of completions) {
    expect(picture.slice(0, given)).toEqual(drawn.slice(0, given));
    expect(picture).not.toContain('unknown');
  }
  expect(completions[0]).not.toEqual(completions[1]);
});

test('a drawing is made, taken back, made again and completed', async ({ visit }) => {
  const complete = new CompleteWorkspace(visit);
  await complete.open('n=1');
  await visit.find('button', 'Clear the drawing').click();
  await expect.poll(() => complete.drawing.colours()).toEqual(blank);
  await complete.drawing.stroke(SIDE, { x: 2, y: 3 }, { x: 6, y: 3 }, { x: 10, y: 3 });
  const drawn = await complete.drawing.colours();
  expect(new Set(drawn.slice(3 * SIDE + 2, 3 * SIDE + 11)).size).toBe(1);
  expect(drawn.filter((colour) => colour !== 'unknown')).toHaveLength(9);

  await visit.find('button', 'Undo').click();
  await expect.poll(() => complete.drawing.colours()).toEqual(blank);
  await visit.find('button', 'Redo').click();
  await expect.poll(() => complete.drawing.colours()).toEqual(drawn);
  await complete.run();
  const [picture] = await complete.completions();
  expect(picture).not.toContain('unknown');
  expect(picture.slice(3 * SIDE + 2, 3 * SIDE + 11)).toEqual(drawn.slice(3 * SIDE + 2, 3 * SIDE + 11));
});

test('a picture of one’s own is opened and completed', async ({ visit }, testInfo) => {
  const complete = new CompleteWorkspace(visit);
  await complete.open('n=1');
  const path = testInfo.outputPath('My cat.png');
  await writeFile(
    path,
    pngPicture(64, 64, (x, y) => [4 * x, 4 * y, 128]),
  );
  await visit.input('Picture file').setFiles(path);
  await visit.find('application', /^My cat, /).appears();
  await complete.run();
  const [drawn, [picture]] = [await complete.drawing.colours(), await complete.completions()];
  expect(new Set(drawn.slice(0, 128)).size).toBeGreaterThan(20);
  expect(drawn.slice(128)).toEqual(blank.slice(128));
  expect(picture.slice(0, 128)).toEqual(drawn.slice(0, 128));
  await visit.find('application', /^Original\./).appears();
});

test('a link brings the drawing, the settings and the same completions to another person', async ({
  visit,
  newVisit,
}) => {
  const complete = new CompleteWorkspace(visit);
  await complete.open('n=1');
  await complete.drawing.stroke(SIDE, { x: 1, y: 1 }, { x: 14, y: 5 });
  await visit.find('textbox', 'Seed').fill(4711);
  await complete.run();
  const [drawn, pictures] = [await complete.drawing.colours(), await complete.completions()];
  await visit.find('button', 'Completion 1: use, save, share').click();
  await visit.find('menuitem', 'Copy link').click();
  await visit.find('region', 'Notices').says('The link is copied.');
  const link = await visit.address();
  expect(link).toContain('seed=4711');

  const stranger = await newVisit();
  await stranger.goto(link);
  const there = new CompleteWorkspace(stranger);
  await there.completed();
  expect(await there.drawing.colours()).toEqual(drawn);
  expect(await there.completions()).toEqual(pictures);
});
