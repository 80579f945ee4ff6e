/**
 * `npm test`: installs what is missing, then types and lint, unit tests, the build and the end-to-end tests, up to the
 * first failure. `npm test -- e2e/link.spec.ts` takes these end-to-end tests alone. The last lines say what was not run
 * and why, and count: "N passed, N failed, N skipped".
 */

import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { duration, endToEndTests, skippedLines, specsOf, unitTests } from './report.mjs';
import { install, ran, root } from './setup.mjs';

const started = Date.now();
install();
const { installSystemPackages } = await import('./system-packages.mjs'); // it needs Node's packages
const stillMissing = installSystemPackages();
const times = [`set-up ${duration(Date.now() - started)}`];

process.env.FC_SEED ??= String(randomInt(2 ** 31));
console.log(`Seed of the property tests: FC_SEED=${process.env.FC_SEED}`);

const unitReport = 'test-results/unit.json';
const chosen = process.argv.slice(2);

/** Each step: its command, and what its report says of its tests. */
const steps = [
  { name: 'check' },
  {
    name: 'unit',
    args: ['--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`],
    kind: 'unit',
    report: unitReport,
    read: (report) => unitTests(report, root),
  },
  { name: 'build' },
  {
    name: 'e2e',
    args: chosen,
    kind: 'end-to-end',
    report: 'test-results/e2e.json', // as playwright.config.ts names it
    read: endToEndTests,
  },
];

let passed = 0;
const failed = [];
let skipped = 0;
const parts = [];
const notRun = chosen.length > 0 ? [`  all end-to-end tests but ${chosen.join(' ')}: only these were asked for`] : [];

for (const [i, { name, args = [], kind, report, read }] of steps.entries()) {
  if (report) rmSync(join(root, report), { force: true });
  const begun = Date.now();
  const succeeded = ran('npm', 'run', name, '--', ...args);
  times.push(`${name} ${duration(Date.now() - begun)}`);
  const written =
    report && existsSync(join(root, report)) ? JSON.parse(readFileSync(join(root, report), 'utf8')) : null;
  const told = written && read(written);
  if (told) {
    passed += told.passed;
    failed.push(...told.failed);
    skipped += told.skipped.length;
    notRun.push(...skippedLines(kind, told.skipped));
    showSlowest(kind, told.slowest);
    for (const [project, ms] of Object.entries(told.projects ?? {})) parts.push(`${project} ${duration(ms)}`);
  }
  if (succeeded && !told?.failed.length) continue;
  // A step can also fail as a whole: a type error, a page that does not build.
  if (!told?.failed.length) failed.push(`npm run ${name}`);
  if (kind === 'end-to-end' && told) showPages(written);
  process.exitCode = 1;
  const left = steps.slice(i + 1).map((step) => step.name);
  if (left.length > 0) notRun.push(`  ${left.join(', ')}: "${name}" failed`);
  break;
}

console.log(`\nTime: ${[...times, `in all ${duration(Date.now() - started)}`].join(', ')}`);
if (parts.length > 0) console.log(`The end-to-end tests of each project, added up: ${parts.join(', ')}`);
if (notRun.length > 0) console.log(['\nNot run:', ...notRun].join('\n'));
if (stillMissing) console.log(stillMissing);
if (failed.length > 0) console.log(['\nFailed:', ...failed.map((name) => `  ${name}`)].join('\n'));
console.log(`\n${passed} passed, ${failed.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);

function showSlowest(kind, tests) {
  console.log(`\nThe slowest ${kind === 'unit' ? 'files of unit tests' : 'end-to-end tests'}:`);
  for (const { name, ms } of tests) console.log(`${duration(ms).padStart(12)}  ${name}`);
}

/** What the page looked like when a test failed, in words: elsewhere the log is all that is left of a run. */
function showPages(report) {
  const attachments = report.suites
    .flatMap(specsOf)
    .filter(({ ok }) => !ok)
    .flatMap(({ tests }) => tests.flatMap(({ results }) => results.flatMap((result) => result.attachments)));
  for (const { name, path } of attachments) {
    if (name !== 'error-context' || !existsSync(path)) continue;
    const context = readFileSync(path, 'utf8');
    console.error(`\n${context.slice(Math.max(0, context.indexOf('# Test info')))}`);
  }
}
