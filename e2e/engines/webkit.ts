/** WebKitGTK, through WebKitWebDriver's classic WebDriver (https://www.w3.org/TR/webdriver2/), on a screen that nobody sees. */

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';
import { findWebKitDriver, findXvfb, hasWebKitBindings } from '../../tools/browser.mjs';
import { freePort } from '../free-port.ts';
import { codeOf, keyActions, mouseActions } from './actions.ts';
import { savedIn } from './downloads.ts';
import type { Download, Engine, Key, Point, Tab } from './driver.ts';
import { Program } from './program.ts';

const WINDOW = fileURLToPath(new URL('./webkit-window.py', import.meta.url));

/** The key of an element's reference in an answer. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** Why it cannot start here; null where it can. */
export function webkitLacks(): string | null {
  const lacking = [
    findWebKitDriver() === null && 'its driver',
    !hasWebKitBindings() && 'its bindings for Python',
    findXvfb() === null && 'Xvfb',
  ].filter(Boolean);
  return lacking.length === 0 ? null : `WebKitGTK is not installed (${lacking.join(', ')})`;
}

export async function startWebKit(): Promise<Engine> {
  const screen = new Program(findXvfb()!, ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp']);
  const trap = await startTrap();
  const driver = await startDriver(await screen.said(/^(\d+)$/));
  return {
    open: () => WebKitTab.open(driver, trap),
    close: async () => {
      await driver.program.stop();
      await screen.stop();
      trap.close();
    },
  };
}

interface Driver {
  program: Program;
  /** @throws with the driver's words when it refuses */
  // biome-ignore lint/suspicious/noExplicitAny: Each command's answer has a form of its own.
  command: (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<any>;
}

async function startDriver(display: string): Promise<Driver> {
  const port = await freePort();
  const program = new Program(findWebKitDriver()!, [`--port=${port}`], {
    DISPLAY: `:${display}`,
    LC_ALL: 'C.UTF-8',
    // Its sandbox does not start for root.
    ...(process.getuid?.() === 0 ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' } : {}),
  });
  const command: Driver['command'] = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${path}: ${value.error}: ${value.message}`);
    return value;
  };
  await expect.poll(() => command('GET', '/status').catch(String), { timeout: 30_000 }).toHaveProperty('ready', true);
  return { program, command };
}

/** A proxy that lets nothing through and writes down what was asked of it. */
interface Trap {
  address: string;
  requests: string[];
  close: () => void;
}

async function startTrap(): Promise<Trap> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.writeHead(502).end();
  });
  server.on('connect', (request, socket) => {
    requests.push(request.url ?? '');
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, requests, close: () => server.close() };
}

class WebKitTab implements Tab {
  /** How much had been written, and asked for, before this tab. */
  readonly #lines: number;
  readonly #requests: number;

  private constructor(
    private readonly driver: Driver,
    private readonly trap: Trap,
    private readonly profile: string,
    private readonly session: string,
    readonly browser: string,
  ) {
    this.#lines = driver.program.lines.length;
    this.#requests = trap.requests.length;
  }

  static async open(driver: Driver, trap: Trap): Promise<WebKitTab> {
    const profile = await mkdtemp(join(tmpdir(), 'journeys-webkit-'));
    const { sessionId, capabilities } = await driver.command('POST', '/session', {
      capabilities: {
        alwaysMatch: {
          unhandledPromptBehavior: 'accept',
          'webkitgtk:browserOptions': { binary: WINDOW, args: [profile, trap.address] },
        },
      },
    });
    const browser = `${capabilities.browserName} ${capabilities.browserVersion}`;
    return new WebKitTab(driver, trap, profile, `/session/${sessionId}`, browser);
  }

  async goto(address: string): Promise<void> {
    await this.#post('url', { url: address });
  }

  async reload(): Promise<void> {
    await this.#post('refresh');
  }

  call(source: string, argument: string): Promise<string> {
    return this.#run(source, argument);
  }

  async setFiles(source: string, argument: string, paths: string[]): Promise<void> {
    const { [ELEMENT]: element } = await this.#run(source, argument);
    await this.#post(`element/${element}/value`, { text: paths.join('\n') });
  }

  async mouse(points: Point[], button: 'pressed' | 'up'): Promise<void> {
    await this.#post('actions', { actions: mouseActions(points, button) });
  }

  async type(text: string): Promise<void> {
    await this.#post('actions', { actions: keyActions(text) });
  }

  async press(key: Key): Promise<void> {
    await this.#post('actions', { actions: keyActions([codeOf(key)]) });
  }

  download(start: () => Promise<void>): Promise<Download> {
    return savedIn(join(this.profile, 'downloads'), start);
  }

  async resize(width: number, height: number): Promise<void> {
    await this.#post('window/rect', { width, height });
  }

  async screenshot(): Promise<Buffer> {
    return Buffer.from(await this.driver.command('GET', `${this.session}/screenshot`), 'base64');
  }

  complaints(): string[] {
    const errors = this.driver.program.lines.slice(this.#lines).filter((line) => /CONSOLE [A-Z ]*ERROR /.test(line));
    const foreign = this.trap.requests.slice(this.#requests).map((request) => `foreign request: ${request}`);
    return [...errors, ...foreign];
  }

  async close(): Promise<void> {
    await this.driver.command('DELETE', this.session);
    await rm(this.profile, { recursive: true, force: true });
  }

  #post(path: string, body: object = {}) {
    return this.driver.command('POST', `${this.session}/${path}`, body);
  }

  async #run(source: string, argument: string) {
    const { value, error } = await this.#post('execute/async', {
      script: `const [argument, done] = arguments;
        Promise.resolve().then(() => (${source})(argument)).then((value) => done({ value }), (error) => done({ error: String(error) }));`,
      args: [argument],
    });
    if (error !== undefined) throw new Error(error);
    return value;
  }
}
