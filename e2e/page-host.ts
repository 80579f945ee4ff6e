/** Serves the page to all tests of a run that need no host of their own: Playwright's global set-up. */
import { startStaticHost } from './static-host.ts';

export default async function serve(): Promise<() => void> {
  const host = await startStaticHost('/', Number(process.env.E2E_PAGE_PORT));
  return host.close;
}
