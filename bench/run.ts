/** `npm run bench`: ours and the peers side by side, in Chromium and in Node on Dawn. See options.ts for the options. */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { buildNode, buildPage } from './build.ts';
import { openChromium } from './chromium.ts';
import { here } from './here.ts';
import { sentence } from './measure.ts';
import { type Options, parse } from './options.ts';
import { openNode } from './processes.ts';
import { compare, markdown, type Row } from './rows.ts';
import type { Runner } from './runner.ts';
import { type Allowance, allowance, type PlaceName, type Slot, schedule } from './schedule.ts';

const log = (line: string) => console.error(line);
const started = performance.now();

/** The peers are heavy, so they have an installation of their own, made by the first run. */
function installPeers(): void {
  const installed = join(here, 'node_modules/.package-lock.json'); // npm writes it last
  const lock = join(here, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  log('Installing what the bench compares with …');
  const shell = process.platform === 'win32'; // there npm is a batch file
  const { status } = spawnSync('npm', ['ci'], { cwd: here, stdio: ['ignore', 2, 2], shell });
  if (status !== 0) throw new Error('The peers could not be installed: see the message of npm above.');
}

async function open(place: PlaceName, options: Options): Promise<Runner> {
  if (place === 'node') return openNode(options, await buildNode());
  return openChromium(options, [
    ['/peers/jax/', join(here, 'node_modules/@jax-js/jax/dist')],
    ['/peers/ort/', join(here, 'node_modules/onnxruntime-web/dist')],
    ['/', await buildPage()],
  ]);
}

/** A place that does not open fails its rows, not the run. */
const broken = (error: unknown): Runner => ({ run: () => Promise.reject(error), close: async () => {} });

/** The rows of one suite; those that did not come say why. */
async function rowsOf({ place, suite }: Slot, runner: Runner, options: Options, time: Allowance): Promise<Row[]> {
  const { size, quick, only } = options;
  const found: Row[] = [];
  const hear = (message: { row: Row } | { log: string }) => {
    if ('log' in message) log(`  ${message.log}`);
    else found.push(message.row);
  };
  const job = { suite: suite.name, size, quick, only, budget: time.budget };
  log(`${place}: ${suite.name} …`);
  const problem = await runner.run(job, hear, time.limit).then(
    () => 'the suite ended without it.',
    (error) => sentence(error),
  );
  const missing = suite.rows(size).filter((name) => (!only || only === name) && !found.some((r) => r.name === name));
  const failure = { failure: `not measured: ${problem}` };
  return [
    ...found,
    ...missing.map((name) => compare({ env: place, adapter: 'unknown' }, name, '', failure, failure, '')),
  ];
}

/** Who shares the processor decides as much as the programs do, above all where threads wait for each other. */
function warnIfBusy(): void {
  const [load] = loadavg();
  const cores = availableParallelism();
  if (load > 0.75 * cores) {
    log(
      `The machine is busy (load ${load.toFixed(1)} on ${cores} cores): numbers are low, and ratios of threaded sides off.`,
    );
  }
}

async function main(options: Options): Promise<Row[]> {
  const slots = schedule(options);
  if (slots.length === 0) throw new Error(`The bench has no row ${options.only}.`);
  installPeers();
  warnIfBusy();
  const rows: Row[] = [];
  let runner: Runner | undefined;
  for (let i = 0; i < slots.length; i++) {
    const { place } = slots[i];
    if (place !== slots[i - 1]?.place) {
      await runner?.close();
      runner = await open(place, options).catch((error) => broken(error));
    }
    const time = allowance(slots.slice(i), options.quick, performance.now() - started);
    rows.push(...(await rowsOf(slots[i], runner!, options, time)));
  }
  await runner?.close();
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
