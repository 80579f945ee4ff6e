/** `npm run bench`: ours and the peers side by side, in Chromium and in Node on Dawn. See options.ts for the options. */

import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildNode, buildPage } from './build.ts';
import { openChromium } from './chromium.ts';
import { here } from './here.ts';
import { sentence } from './measure.ts';
import { type Options, parse } from './options.ts';
import { openNode } from './processes.ts';
import { compare, markdown, type Row } from './rows.ts';
import type { Runner } from './runner.ts';
import { CATALOGUE } from './suites/catalogue.ts';

/** --quick promises three minutes; what is under way then is stopped and says so. */
const QUICK_MS = 172_000;
const LONG_MS = 15 * 60_000;

const log = (line: string) => console.error(line);
const started = performance.now();

/** The peers are heavy, so they have an installation of their own, made by the first run. */
function installPeers(): void {
  const installed = join(here, 'node_modules/.package-lock.json'); // npm writes it last
  const lock = join(here, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  log('Installing what the bench compares with …');
  const { status } = spawnSync('npm', ['ci'], {
    cwd: here,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('The peers could not be installed: see the message of npm above.');
}

async function open(place: 'chromium' | 'node', options: Options): Promise<Runner> {
  if (place === 'node') return openNode(options, await buildNode());
  return openChromium(options, [
    ['/peers/jax/', join(here, 'node_modules/@jax-js/jax/dist')],
    ['/peers/ort/', join(here, 'node_modules/onnxruntime-web/dist')],
    ['/', await buildPage()],
  ]);
}

async function main(options: Options): Promise<Row[]> {
  installPeers();
  const rows: Row[] = [];
  for (const place of ['chromium', 'node'] as const) {
    if (options.env !== 'both' && options.env !== place) continue;
    const suites = CATALOGUE.filter(
      (suite) => (suite.only ?? place) === place && (!options.only || suite.rows(options.size).includes(options.only)),
    );
    if (suites.length === 0) continue;
    const runner = await open(place, options);
    for (const suite of suites) {
      const { size, quick, only } = options;
      const left = (quick ? QUICK_MS : LONG_MS) - (quick ? performance.now() - started : 0);
      const found: Row[] = [];
      log(`${place}: ${suite.name} …`);
      const problem = await (left < 1000 ? Promise.reject(new Error('the three minutes of --quick were over.')) : run())
        .then(() => undefined)
        .catch((error) => sentence(error));
      function run(): Promise<void> {
        const hear = (message: { row: Row } | { log: string }) => {
          if ('log' in message) log(`  ${message.log}`);
          else found.push(message.row);
        };
        return runner.run({ suite: suite.name, size, quick, only }, hear, left);
      }
      for (const name of suite.rows(size)) {
        if (found.some((row) => row.name === name) || (only && only !== name)) continue;
        const failure = { failure: `not measured: ${problem ?? 'the suite ended without it.'}` };
        found.push(compare({ env: place, adapter: 'unknown' }, name, '', failure, failure, ''));
      }
      rows.push(...found);
    }
    await runner.close();
  }
  if (rows.length === 0) throw new Error(`The bench has no row ${options.only}.`);
  return rows;
}

try {
  const options = parse(process.argv.slice(2));
  const rows = await main(options);
  console.log(options.json ? JSON.stringify({ rows }) : markdown(rows));
  log(`${rows.length} rows in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
