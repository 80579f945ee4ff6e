/**
 * `npm test`: installs what is missing, then types and lint, unit tests, the build and the end-to-end tests, up to the
 * first failure. The last line counts the tests: "N passed, N failed", and before them those that passed at the second try.
 */

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { install, ran, root, stop } from './setup.mjs';

install();
await installChromium().catch((error) => stop(error.message));

const unitReport = 'test-results/unit.json';
const e2eReport = 'test-results/e2e.json'; // as playwright.config.ts names it

/** Each step: its command, and the tests that its report counts as [passed, failed, passed at the second try]. */
const steps = [
  { script: ['check'] },
  {
    script: ['unit', '--', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`],
    report: unitReport,
    count: (report) => [report.numPassedTests, report.numFailedTests],
  },
  { script: ['build'] },
  {
    script: ['e2e'],
    report: e2eReport,
    count: ({ stats }) => [stats.expected, stats.unexpected, stats.flaky],
    explain: showPages,
  },
];

let passed = 0;
let failed = 0;
let flaky = 0;
for (const { script, report, count, explain } of steps) {
  if (report) rmSync(join(root, report), { force: true });
  const succeeded = ran('npm', 'run', ...script);
  const told = report && existsSync(join(root, report)) ? readReport(report) : null;
  const [good, bad, late = 0] = told ? count(told) : [0, 0];
  flaky += late;
  passed += good + late;
  failed += bad;
  if (succeeded) continue;
  // A step can also fail as a whole: a type error, a file that does not load, a page that does not build.
  failed += bad === 0 ? 1 : 0;
  if (told) explain?.(told);
  console.error(`\n"npm run ${script[0]}" failed.`);
  process.exitCode = 1;
  break;
}
console.log(`\n${flaky > 0 ? `${flaky} flaky, ` : ''}${passed} passed, ${failed} failed`);

/** What the page looked like when a test failed, in words: elsewhere the log is all that is left of a run. */
function showPages(report) {
  const specsOf = ({ specs = [], suites = [] }) => [...specs, ...suites.flatMap(specsOf)];
  const attachments = specsOf(report)
    .filter(({ ok }) => !ok)
    .flatMap(({ tests }) => tests.flatMap(({ results }) => results.flatMap((result) => result.attachments)));
  for (const { name, path } of attachments) {
    if (name !== 'error-context' || !existsSync(path)) continue;
    const context = readFileSync(path, 'utf8');
    console.error(`\n${context.slice(Math.max(0, context.indexOf('# Test info')))}`);
  }
}

function readReport(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

async function installChromium() {
  const { findChromium } = await import('./browser.mjs'); // it needs the packages
  if (findChromium() !== null) return;
  console.log('Installing Chromium …');
  const isRoot = process.getuid?.() === 0;
  if (isRoot && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get') && !isUbuntu()) {
    process.env.DEBIAN_FRONTEND = 'noninteractive';
    if (ran('apt-get', 'update')) ran('apt-get', 'install', '-y', 'chromium');
  } else {
    ran('npx', 'playwright', 'install', '--no-shell', ...(isRoot ? ['--with-deps'] : []), 'chromium');
  }
  if (findChromium() === null) {
    stop('No Chromium was found and none could be installed: install Chromium or Chrome, or set CHROMIUM_PATH to one.');
  }
}

/** Ubuntu's package is a stub for a snap, which servers and containers cannot run. */
function isUbuntu() {
  return /^ID=ubuntu$/m.test(readFileSync('/etc/os-release', 'utf8'));
}
