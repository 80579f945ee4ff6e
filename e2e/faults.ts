/** Faults that a test causes in the page's worker: code that runs before the worker's own, and devices that are lost. */
import type { Page } from '@playwright/test';

declare global {
  // Every device that the worker has opened, once rememberDevices is there.
  var openedDevices: GPUDevice[];
}

/**
 * Runs something at the start of each worker of the page from now on, before what its entry starts.
 * It travels as text and knows nothing of what surrounds it.
 */
export async function beforeWorker(page: Page, prelude: (() => void) | string): Promise<void> {
  await page.route(/\/serve-[\w-]+\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `(${prelude})();\n${await response.text()}` });
  });
}

/** Puts the newest worker of the page into an endless loop. */
export async function hang(page: Page): Promise<void> {
  await page
    .workers()
    .at(-1)!
    .evaluate(() => {
      setTimeout(() => {
        for (;;);
      });
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

declare global {
  /** Bytes of the GPU that are in use, and that may be, once limitMemory is there. */
  var memory: { used: number; most: number };
}

/**
 * Gives the page's devices an end to their memory, which Chromium's software adapter has not: what goes beyond it is reported as
 * the specification of WebGPU has it, to the innermost scope for such errors, or else as an uncaptured one.
 */
export const limitMemory = (page: Page): Promise<void> =>
  beforeWorker(page, () => {
    globalThis.memory = { used: 0, most: Number.POSITIVE_INFINITY };
    const sizes = new WeakMap<GPUBuffer, number>();
    const scopes = new WeakMap<GPUDevice, { filter: GPUErrorFilter; error: GPUError | null }[]>();
    const of = (device: GPUDevice) => {
      if (!scopes.has(device)) scopes.set(device, []);
      return scopes.get(device)!;
    };
    const { createBuffer, pushErrorScope, popErrorScope } = GPUDevice.prototype;
    GPUDevice.prototype.pushErrorScope = function (filter) {
      of(this).push({ filter, error: null });
      return pushErrorScope.call(this, filter);
    };
    GPUDevice.prototype.popErrorScope = async function () {
      const scope = of(this).pop();
      return (await popErrorScope.call(this)) ?? scope?.error ?? null;
    };
    GPUDevice.prototype.createBuffer = function (descriptor) {
      const buffer = createBuffer.call(this, descriptor);
      globalThis.memory.used += descriptor.size;
      sizes.set(buffer, descriptor.size);
      if (globalThis.memory.used <= globalThis.memory.most) return buffer;
      const error = new GPUOutOfMemoryError('Buffer allocation failed');
      const scope = of(this).findLast(({ filter }) => filter === 'out-of-memory');
      if (scope) scope.error ??= error;
      else this.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error, cancelable: true }));
      return buffer;
    };
    const { destroy } = GPUBuffer.prototype;
    GPUBuffer.prototype.destroy = function () {
      globalThis.memory.used -= sizes.get(this) ?? 0;
      sizes.delete(this);
      return destroy.call(this);
    };
  });

/** From now on there are so many bytes left. */
export const leaveMemory = (page: Page, bytes: number): Promise<void> =>
  page
    .workers()
    .at(-1)!
    .evaluate((bytes) => {
      globalThis.memory.most = globalThis.memory.used + bytes;
    }, bytes);
