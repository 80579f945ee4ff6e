/** Faults that a test causes in the page's worker: code that runs before the worker's own, and devices that are lost. */
import type { Page } from '@playwright/test';

declare global {
  // Every device that the worker has opened, once rememberDevices is there.
  var openedDevices: GPUDevice[];
}

/**
 * Runs something at the start of each worker of the page from now on. It travels as text and knows nothing of what surrounds it.
 */
export async function beforeWorker(page: Page, prelude: () => void): Promise<void> {
  await page.route(/\/lab\.worker-[\w-]+\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `(${prelude})();\n${await response.text()}` });
  });
}

export const rememberDevices = (page: Page): Promise<void> =>
  beforeWorker(page, () => {
    globalThis.openedDevices = [];
    const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...args) {
      const device = await request.apply(this, args);
      globalThis.openedDevices.push(device);
      return device;
    };
  });

/** Loses the newest device of the page that remembers them, at some moment within so many milliseconds. */
export async function loseDevice(page: Page, within = 0): Promise<void> {
  await page
    .workers()
    .at(-1)!
    .evaluate((within) => {
      const lose = () => globalThis.openedDevices.at(-1)!.destroy();
      if (within > 0) setTimeout(lose, Math.random() * within);
      else lose();
    }, within);
}

/** Loses the device of a completion in a row of it: each is one list of commands. */
export async function loseDeviceAfter(page: Page, lists: number): Promise<void> {
  await page
    .workers()
    .at(-1)!
    .evaluate((lists) => {
      const record = GPUDevice.prototype.createCommandEncoder;
      let left = lists;
      GPUDevice.prototype.createCommandEncoder = function (...args) {
        if (left-- === 0) this.destroy();
        return record.apply(this, args);
      };
    }, lists);
}
