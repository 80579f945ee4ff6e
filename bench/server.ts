/** Serves the built page and the peers' own files, cross-origin isolated, so that whoever wants threads may have them. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** `folders`: address prefix to folder; the longest prefix must come first. Gives the origin and how to stop. */
export async function serve(
  folders: [prefix: string, folder: string][],
): Promise<{ origin: string; stop: () => void }> {
  const server = createServer(async ({ url = '/' }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname)); // no .. is left
    const [prefix, folder] = folders.find(([p]) => path.startsWith(p)) ?? folders.at(-1)!;
    const file = join(folder, path.slice(prefix.length) || 'index.html');
    const body = await readFile(file).catch(() => undefined);
    response.writeHead(body ? 200 : 404, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The bench could not open a port.');
  return { origin: `http://localhost:${address.port}`, stop: () => server.close() };
}
