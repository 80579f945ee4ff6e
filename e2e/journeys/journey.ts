/** The test that every journey stands on: an engine, a visit with a profile of its own, and a page that must not complain. */

import { writeFile } from 'node:fs/promises';
import { test as base, expect, type TestInfo } from '@playwright/test';
import type { Engine } from '../engines/driver.ts';
import { ENGINES, type EngineName } from '../engines/engines.ts';
import { Visit } from './visit.ts';

export { expect };

interface Fixtures {
  /** Opens a profile that has nothing yet; the visit before it ends. `home` is where the page is served. */
  newVisit: (home?: string) => Promise<Visit>;
  visit: Visit;
}

export interface EngineOption {
  engineName: EngineName;
}

interface WorkerFixtures extends EngineOption {
  /** Null where the engine is not installed. */
  engine: Engine | null;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  engineName: ['chromium', { option: true, scope: 'worker' }],
  engine: [
    async ({ engineName }, use) => {
      const { start, lacks } = ENGINES[engineName];
      const engine = lacks() === null ? await start() : null;
      await use(engine);
      await engine?.close();
    },
    { scope: 'worker' },
  ],
  newVisit: async ({ engine, engineName, baseURL }, use, testInfo) => {
    test.skip(engine === null, ENGINES[engineName].lacks() ?? '');
    await withVisits(engine!, baseURL!, use, testInfo);
  },
  visit: async ({ newVisit }, use) => use(await newVisit()),
});

/** Lends out a way to open visits, one after the other, each of which must end without a complaint. */
export async function withVisits(
  engine: Engine,
  baseURL: string,
  use: (newVisit: (home?: string) => Promise<Visit>) => Promise<void>,
  testInfo: TestInfo,
): Promise<void> {
  let visit: Visit | null = null;
  const complaints: string[] = [];
  const end = async () => {
    if (visit === null) return;
    complaints.push(...visit.tab.complaints());
    await visit.tab.close();
    visit = null;
  };
  await use(async (home = baseURL) => {
    await end();
    visit = new Visit(await engine.open(new URL(home).origin), home);
    testInfo.annotations.push({ type: 'browser', description: visit.tab.browser });
    return visit;
  });
  if (testInfo.status !== testInfo.expectedStatus && visit !== null) {
    await writeFile(testInfo.outputPath('screenshot.png'), await (visit as Visit).tab.screenshot());
    console.error((visit as Visit).tab.complaints().join('\n'));
  }
  await end();
  expect(complaints.join('\n'), 'what the page complained of').toBe('');
}
