/** The plainest host there is: the build's files under some path, nothing but a type for each. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as completeTest } from './complete-page.ts';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

export interface StaticHost {
  /** The address of the page on localhost. */
  address: string;
  port: number;
  /** Changes what is sent, by the path below the page. */
  damage: ((path: string, bytes: Buffer) => Buffer) | null;
  close: () => void;
}

export async function startStaticHost(under: string): Promise<StaticHost> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    const path = decodeURIComponent(pathname).slice(under.length) || 'index.html';
    const isOurs = decodeURIComponent(pathname).startsWith(under) && !path.includes('..');
    const bytes = isOurs ? await readFile(join(DIST, path)).catch(() => null) : null;
    if (!bytes) return response.writeHead(404).end();
    response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
    response.end(host.damage?.(path, bytes) ?? bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  const host: StaticHost = {
    address: `http://localhost:${port}${encodeURI(under)}`,
    port,
    damage: null,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return host;
}

/** The page on a host of its own, which serves it under a path of several folders. */
export const test = completeTest.extend<{ staticHost: StaticHost }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern.
  staticHost: async ({}, use) => {
    const host = await startStaticHost('/some/sub path/');
    await use(host);
    host.close();
  },
  baseURL: async ({ staticHost }, use) => use(staticHost.address),
});
