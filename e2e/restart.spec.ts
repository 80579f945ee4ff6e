/** The worker dies, or the page itself: the person is told, and nothing is lost. */

import { expect, test } from './complete-page.ts';
import { axe } from './helpers.ts';
import { fixture } from './model-files.ts';

test.use({ allowedComplaints: /out of memory/ });

test("after a crash the drawing, the completions and a model of one's own are still there", async ({
  complete,
  page,
}) => {
  await complete.openQuickly();
  await complete.openModel(fixture('bf16-1x40x2'));
  await expect(complete.drawing).toHaveAccessibleName(/8 by 8 pixels$/);
  await complete.hide('Top half');
  await complete.run();
  const drawn = await complete.drawn();
  const pictures = await complete.completions();

  const [worker] = page.workers();
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error('out of memory');
    });
  });
  await expect(complete.notice(/has failed: .*out of memory\. The model is being started again\.$/)).toBeVisible();
  await expect(complete.start).toBeEnabled();
  await expect(complete.model).toHaveAccessibleName(/width 40, 8 × 8$/);
  expect(await complete.drawn()).toEqual(drawn);
  expect(await complete.completions()).toEqual(pictures);

  await complete.run();
  expect(await complete.completions()).toEqual(pictures);
});

test('a page that can no longer be drawn says so, and a reload brings the drawing back', async ({ complete, page }) => {
  await complete.openQuickly();
  const before = page.url();
  await complete.stroke({ x: 2, y: 2 }, { x: 9, y: 2 });
  const drawn = await complete.drawn();
  await expect.poll(() => page.url()).not.toBe(before);
  await page.evaluate(() => {
    CanvasRenderingContext2D.prototype.putImageData = () => {
      throw new Error('out of memory');
    };
  });
  await complete.choose('Surprise');
  await expect(page.getByRole('heading', { name: 'This page has failed' })).toBeVisible();
  await expect(page.getByText('out of memory')).toBeVisible();
  await axe(page);
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => complete.drawn()).toEqual(drawn);
});
