/** A keyboard, as a person uses it who cannot point. */
import type { Locator, Page } from '@playwright/test';
import { expect } from './helpers.ts';

/** Presses a key until the focus is there, as a person would who cannot point. */
export async function walkTo(page: Page, key: string, target: Locator): Promise<void> {
  const focused = () => page.evaluateHandle(() => document.activeElement);
  for (let presses = 0; presses < 80; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    const before = await focused();
    await page.keyboard.press(key);
    await expect.poll(() => page.evaluate((last) => last !== document.activeElement, before)).toBe(true);
  }
  throw new Error(`No way by ${key} to ${target}.`);
}

export const tabTo = (page: Page, target: Locator): Promise<void> => walkTo(page, 'Tab', target);

export async function press(page: Page, key: string, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) await page.keyboard.press(key);
}
