/** The plainest host there is: the build's files under some path, nothing but a type for each. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

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

/** Serves the build below a path that begins and ends with a slash; on a free port unless one is given. */
export async function startStaticHost(under: string, port = 0): Promise<StaticHost> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    const path = decodeURIComponent(pathname).slice(under.length) || 'index.html';
    const isOurs = decodeURIComponent(pathname).startsWith(under) && !path.includes('..');
    const bytes = isOurs ? await readFile(join(DIST, path)).catch(() => null) : null;
    if (!bytes) return response.writeHead(404).end();
    response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
    response.end(host.damage?.(path, bytes) ?? bytes);
  });
  await new Promise<void>((resolve) => server.listen(port, resolve));
  const taken = (server.address() as AddressInfo).port;
  const host: StaticHost = {
    address: `http://localhost:${taken}${encodeURI(under)}`,
    port: taken,
    damage: null,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return host;
}
