/** Firefox, through WebDriver BiDi. */

import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFirefox, hasVulkan } from '../../tools/browser.mjs';
import { codeOf, keyActions, mouseActions } from './actions.ts';
import { BidiConnection } from './bidi.ts';
import { savedIn } from './downloads.ts';
import type { Download, Engine, Key, Point, Tab } from './driver.ts';
import { Program } from './program.ts';

/** Why it cannot start here; null where it can. */
export const firefoxLacks = (): string | null => (findFirefox() === null ? 'no Firefox is installed' : null);

/**
 * Firefox 140 says now and then that `undefined` was thrown, when a model is opened while another is still coming. No
 * listener for errors or rejections, in the page or in its worker, hears of it.
 */
const isOwn = (browser: string, { text, stackTrace }: { text?: string; stackTrace?: object }): boolean =>
  browser.startsWith('Firefox 140.') && text === 'uncaught exception: undefined' && stackTrace === undefined;

/** As about:config has them. */
type Preferences = Record<string, boolean | number | string>;

export const startFirefox = (): Promise<Engine> => start({});

/** Firefox has WebGPU switched off on Linux, and does not take a software adapter by itself. */
export const startFirefoxWithWebgpu = (): Promise<Engine> =>
  start({ 'dom.webgpu.enabled': true, 'gfx.webgpu.ignore-blocklist': true });

export function firefoxWebgpuLacks(): string | null {
  const path = findFirefox();
  if (path === null) return firefoxLacks();
  const [, version] = /(\d+)\./.exec(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout) ?? [];
  if (Number(version) < 141) return `Firefox ${version} has no WebGPU`;
  return hasVulkan() ? null : 'Firefox finds no Vulkan here (a graphics card, or lavapipe)';
}

async function start(preferences: Preferences): Promise<Engine> {
  const profile = await mkdtemp(join(tmpdir(), 'journeys-firefox-'));
  const downloads = join(profile, 'downloads');
  await mkdir(downloads);
  // Firefox 140 cannot be told by WebDriver BiDi where downloads go, nor tells when they have come. 2: the folder named.
  const all = { 'browser.download.dir': downloads, 'browser.download.folderList': 2, ...preferences };
  const lines = Object.entries(all).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  await writeFile(join(profile, 'user.js'), lines.join('\n'));
  const program = new Program(findFirefox()!, [
    '--headless',
    '--no-remote',
    '--profile',
    profile,
    '--remote-debugging-port',
    '0',
  ]);
  const connection = await BidiConnection.open(`${await program.said(/WebDriver BiDi listening on (ws:\S+)/)}/session`);
  const { capabilities } = await connection.send('session.new', {
    capabilities: { alwaysMatch: { unhandledPromptBehavior: { default: 'accept' } } },
  });
  await connection.send('session.subscribe', { events: ['log.entryAdded', 'network.beforeRequestSent'] });
  return {
    open: (home) => FirefoxTab.open(connection, downloads, home, `Firefox ${capabilities.browserVersion}`),
    close: async () => {
      await connection.send('browser.close', {});
      connection.close();
      await program.stop();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

class FirefoxTab implements Tab {
  readonly #heard: string[] = [];
  readonly #deafen: () => void;

  private constructor(
    private readonly connection: BidiConnection,
    private readonly downloads: string,
    home: string,
    private readonly userContext: string,
    private readonly context: string,
    readonly browser: string,
  ) {
    this.#deafen = connection.listen((method, params) => {
      if (method === 'log.entryAdded' && params.level === 'error' && !isOwn(browser, params)) {
        const at = params.stackTrace?.callFrames?.[0]?.url ?? '';
        this.#heard.push(`${params.type === 'console' ? 'console' : 'uncaught'} error: ${params.text} (${at})`);
      }
      if (method === 'network.beforeRequestSent' && params.context !== null) {
        const { protocol, origin } = new URL(params.request.url);
        if (/^https?:$/.test(protocol) && origin !== home) this.#heard.push(`foreign request: ${params.request.url}`);
      }
    });
  }

  /** A user context is what Firefox calls a container: nothing is shared with another one. */
  static async open(connection: BidiConnection, downloads: string, home: string, browser: string): Promise<FirefoxTab> {
    const { userContext } = await connection.send('browser.createUserContext', {});
    const { context } = await connection.send('browsingContext.create', { type: 'tab', userContext });
    return new FirefoxTab(connection, downloads, home, userContext, context, browser);
  }

  async goto(address: string): Promise<void> {
    await this.#tell('browsingContext.navigate', { url: address, wait: 'complete' });
  }

  async reload(): Promise<void> {
    await this.#tell('browsingContext.reload', { wait: 'complete' });
  }

  async call(source: string, argument: string): Promise<string> {
    return (await this.#run(source, argument)).value;
  }

  async setFiles(source: string, argument: string, paths: string[]): Promise<void> {
    const { sharedId } = await this.#run(source, argument);
    await this.#tell('input.setFiles', { element: { sharedId }, files: paths });
  }

  async mouse(points: Point[], button: 'pressed' | 'up'): Promise<void> {
    await this.#tell('input.performActions', { actions: mouseActions(points, button) });
  }

  async type(text: string): Promise<void> {
    await this.#tell('input.performActions', { actions: keyActions(text) });
  }

  async press(key: Key): Promise<void> {
    await this.#tell('input.performActions', { actions: keyActions([codeOf(key)]) });
  }

  download(start: () => Promise<void>): Promise<Download> {
    return savedIn(this.downloads, start);
  }

  async resize(width: number, height: number): Promise<void> {
    await this.#tell('browsingContext.setViewport', { viewport: { width, height } });
  }

  async screenshot(): Promise<Buffer> {
    const { data } = await this.#tell('browsingContext.captureScreenshot', {});
    return Buffer.from(data, 'base64');
  }

  complaints(): string[] {
    return this.#heard;
  }

  async close(): Promise<void> {
    await this.connection.send('browser.removeUserContext', { userContext: this.userContext });
    this.#deafen();
  }

  #tell(method: string, params: object) {
    return this.connection.send(method, { context: this.context, ...params });
  }

  async #run(source: string, argument: string) {
    const answer = await this.connection.send('script.callFunction', {
      target: { context: this.context },
      functionDeclaration: source,
      arguments: [{ type: 'string', value: argument }],
      awaitPromise: true,
      userActivation: false,
    });
    if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text);
    return answer.result;
  }
}
