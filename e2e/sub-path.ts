/** The page on a host of its own, which serves it under a path of several folders. */
import { test as completeTest } from './complete-page.ts';
import { type StaticHost, startStaticHost } from './static-host.ts';

export const test = completeTest.extend<{ staticHost: StaticHost }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern.
  staticHost: async ({}, use) => {
    const host = await startStaticHost('/some/sub path/');
    await use(host);
    host.close();
  },
  baseURL: async ({ staticHost }, use) => use(staticHost.address),
});
