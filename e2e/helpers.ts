/** What every end-to-end test stands on: a page that must not complain, and the accessibility check. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import type Axe from 'axe-core';

import { noChromium } from './browsers.ts';

export { expect };

declare global {
  interface Window {
    axe: Pick<typeof Axe, 'run'>;
  }
}

interface Fixtures {
  /** Complaints that a test provokes on purpose, e.g. `test.use({ allowedComplaints: /404/ })`. */
  allowedComplaints: RegExp | null;
  /** Run with every test; nobody asks for them. */
  skip: undefined;
  watch: undefined;
}

/** Playwright's test, failing on console errors, uncaught errors and requests to another origin, workers included. */
export const test = base.extend<Fixtures>({
  allowedComplaints: [null, { option: true }],
  // It stands before what starts the browser.
  skip: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern.
    async ({}, use, { skip }) => {
      skip(noChromium !== '', noChromium);
      await use(undefined);
    },
    { auto: true },
  ],
  watch: [
    async ({ context, baseURL, allowedComplaints }, use) => {
      const complaints = collectComplaints(context, new URL(baseURL ?? '').origin);
      await use(undefined);
      const unexpected = complaints.filter((complaint) => !allowedComplaints?.test(complaint));
      expect(unexpected.join('\n'), 'what the page complained of').toBe('');
    },
    { auto: true },
  ],
});

/** A list that grows with each error of the context's pages and workers and each request that leaves home. */
export function collectComplaints(context: BrowserContext, home: string): string[] {
  const complaints: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console error: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => complaints.push(`uncaught error: ${error.error().stack ?? error.error()}`));
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (/^https?:$/.test(protocol) && origin !== home) complaints.push(`foreign request: ${request.url()}`);
  });
  return complaints;
}

/** Charts and grids take a new width or new colours in the next frames. */
export const settled = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** What is asked: the rules of WCAG 2.2 AA, or those that colours alone can break. */
const RULES = {
  all: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  'of colour': ['color-contrast', 'link-in-text-block'],
};

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails with a readable list when the page as it stands breaks a rule of WCAG 2.2 AA, or one that colours can break. */
export async function axe(page: Page, which: keyof typeof RULES = 'all'): Promise<void> {
  // Read once by each document: that takes as long as an audit.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const violations = await page.evaluate(async (runOnly) => {
    const { violations } = await window.axe.run({ runOnly, resultTypes: ['violations'] });
    return violations;
  }, RULES[which]);
  const list = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any, all, none }) => {
      const reason = [...any, ...all, ...none].map(({ message }) => message).join('; ');
      return `${id} (${help}): ${target.join(' ')}: ${reason}`;
    }),
  );
  expect(list.join('\n'), 'accessibility').toBe('');
}
