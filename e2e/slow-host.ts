/** A host that serves the page at once but keeps back half of the model's weights, as a slow line does. */

import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test as completeTest } from './complete-page.ts';

const WEIGHTS = /\/model\.safetensors$/;

export interface SlowHost {
  origin: string;
  /** Sends the rest of the weights, now and from then on. */
  release: () => void;
  /** Sends the weights up to that share of them; a line that has sent more already sends nothing. */
  send: (share: number) => void;
  /** Breaks the transfers that wait, as a lost connection does. */
  cut: () => void;
  close: () => void;
}

/** Passes everything on to the page's own host. */
export async function startSlowHost(home: string): Promise<SlowHost> {
  let share = 0.5;
  const lines = new Set<() => void>();
  const cuts = new Set<() => void>();
  const send = (wanted: number) => {
    share = wanted;
    for (const line of lines) line();
  };
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, 'accept-encoding': 'identity' };
    ask(new URL(incoming.url ?? '/', home), { method: incoming.method, headers }, async (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      if (!WEIGHTS.test(incoming.url ?? '')) return answer.pipe(outgoing);
      const weights = Buffer.concat(await answer.toArray());
      let sent = 0;
      const line = () => {
        const until = Math.floor(weights.length * share);
        if (until > sent) outgoing.write(weights.subarray(sent, until));
        sent = Math.max(sent, until);
        if (sent === weights.length) outgoing.end();
      };
      const cut = () => outgoing.destroy();
      lines.add(line);
      cuts.add(cut);
      outgoing.on('close', () => {
        lines.delete(line);
        cuts.delete(cut);
      });
      line();
    })
      .on('error', () => outgoing.destroy())
      .end();
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    release: () => send(1),
    send,
    cut: () => {
      for (const cut of cuts) cut();
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The page on a slow host; `slowHost.release()` lets the model come. */
export const test = completeTest.extend<{ slowHost: SlowHost }>({
  slowHost: async ({ browserName: _ }, use, { project }) => {
    const host = await startSlowHost(project.use.baseURL ?? '');
    await use(host);
    host.close();
  },
  baseURL: async ({ slowHost }, use) => use(slowHost.origin),
});
