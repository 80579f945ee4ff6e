/** What is drawn or opened stays on the visitor's device. */

import { expect, test } from './complete-page.ts';
import { fixture } from './model-files.ts';
import { pngPicture } from './pictures.ts';

// Requests to other origins fail every test of the watched kind; here, none may carry anything home either.
test('no request carries anything away, whatever a person does', async ({ complete, page, context }) => {
  const carriers: string[] = [];
  const requests: string[] = [];
  context.on('request', (request) => {
    requests.push(request.url());
    if (request.method() !== 'GET' || request.postDataBuffer() !== null)
      carriers.push(`${request.method()} ${request.url()}`);
  });
  page.on('websocket', (socket) => carriers.push(`socket ${socket.url()}`));

  await complete.openQuickly();
  expect(requests.some((url) => url.endsWith('model.safetensors'))).toBe(true);
  const afterLoading = requests.length;
  await complete.stroke({ x: 2, y: 2 }, { x: 9, y: 9 });
  await complete.run();
  await complete.openPicture(
    'secret.png',
    'image/png',
    pngPicture(8, 8, (x, y) => [x * 30, y * 30, 90]),
  );
  await expect(complete.drawing).toHaveAccessibleName(/^secret/);
  await complete.run();
  await complete.openModel(fixture('bf16-1x40x2'));
  await expect(complete.model).toHaveAccessibleName(/8 × 8$/);
  await complete.hide('Top half');
  await complete.run();
  await page.getByRole('tab', { name: 'About' }).click();
  await expect(page.getByRole('heading', { name: 'Published numbers' })).toBeVisible();

  expect(carriers).toEqual([]);
  // Nor does an address carry it: nothing was asked for but parts of the page.
  for (const url of requests.slice(afterLoading)) expect(url).toMatch(/^blob:|\/assets\/[\w.-]+$|\/favicon\.svg$/);
});
