/** The worker dies: the page says so, loses nothing and starts it again. */

import { expect, test } from './complete-page.ts';
import { fixture } from './model-files.ts';

test.use({ allowedComplaints: /uncaught error: Error: out of memory/ });

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
