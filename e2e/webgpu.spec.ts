/** The model on WebGPU, here on Chromium's software adapter: asked for in the link, named, and right; or left to choose. */

import { withWebgpu } from './browsers.ts';
import { expect } from './complete-page.ts';
import { completeLastRow, expectLastRowChosen } from './last-row.ts';
import { test } from './slow-host.ts';

test.use({ launchOptions: withWebgpu });

test('a link can ask for WebGPU: the badge names the adapter, and the numbers are those of WebAssembly', async ({
  complete,
  slowHost,
}) => {
  // Software WebGPU takes seconds for a pixel.
  test.setTimeout(300_000);
  await completeLastRow(complete, slowHost, 'backend=webgpu');
  await expect(complete.device).toHaveAccessibleName('Device: WebGPU');
  const adapter = (await complete.device.innerText()).replace(/^WebGPU\s*/, '');
  console.log(`adapter: ${adapter}`);
  expect(adapter).not.toBe('');
  await expectLastRowChosen(complete);
  await complete.device.click();
  const panel = complete.page.getByRole('dialog', { name: 'Device' });
  await expect(panel).toContainText(adapter);
  await expect(panel).toContainText('You asked for WebGPU.');
  const onWebgpu = await complete.bits('Original');

  await complete.page.goto('about:blank');
  await completeLastRow(complete, slowHost, 'backend=wasm');
  await expect(complete.device).toHaveAccessibleName('Device: WebAssembly');
  await expectLastRowChosen(complete);
  expect(await complete.bits('Original')).toBeCloseTo(onWebgpu, 2);
});

test('a page that is left the choice measures WebGPU against WebAssembly', async ({ complete, slowHost, page }) => {
  slowHost.release();
  await complete.openQuickly();
  await complete.device.click();
  await expect(page.getByRole('dialog', { name: 'Device' })).toContainText(/against [\d.]+ GFLOP\/s, measured\./);
});
