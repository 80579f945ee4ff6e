/**
 * `npm run audit`: fails when a package that the page is made of has a known vulnerability of severity high or critical.
 * Where the registry answers no such question, it says so and fails nothing; tools/dependencies.test.ts holds what the lock
 * file alone can tell.
 */
import { spawnSync } from 'node:child_process';
import { root } from './setup.mjs';

const shell = process.platform === 'win32'; // where npm is a batch file
const { stdout } = spawnSync('npm', ['audit', '--json', '--omit=dev'], { cwd: root, encoding: 'utf8', shell });
const report = parsed(stdout);
if (!report?.vulnerabilities) {
  console.log(
    `The registry tells no vulnerabilities${report?.message ? ` (${report.message})` : ''}: none were looked for.`,
  );
} else {
  const severe = Object.values(report.vulnerabilities).filter(({ severity }) => /^(high|critical)$/.test(severity));
  for (const { name, severity, range, via } of severe) {
    const titles = via.map((cause) => cause.title ?? cause).join('; ');
    console.error(`${name} ${range}: ${severity}: ${titles}`);
  }
  console.log(`${Object.keys(report.vulnerabilities).length} known vulnerabilities, ${severe.length} of them severe.`);
  if (severe.length > 0) process.exitCode = 1;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
