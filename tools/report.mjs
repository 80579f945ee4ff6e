/** What `npm test` says of its tests: read from the reports of Vitest and Playwright, and put into words. */

/**
 * The unit tests, from the report of Vitest's reporter "json".
 * @param root the folder from which the names of files are shown
 */
export function unitTests({ testResults }, root) {
  const files = testResults.map((file) => ({
    ...file,
    name: file.name.slice(root.length + 1),
    ms: file.endTime - file.startTime,
  }));
  const tests = files.flatMap(({ name, status, assertionResults }) => {
    const results = assertionResults.map(({ fullName, status, meta }) => ({
      name: `${name}: ${fullName}`,
      status: ['passed', 'failed'].includes(status) ? status : 'skipped',
      reason: meta.missing,
    }));
    // A file that does not load, or whose hook fails, fails without a failed test; its tests are then skipped.
    const broken = status === 'failed' && !results.some(({ status }) => status === 'failed');
    return broken ? [{ name, status }] : results;
  });
  return { ...counted(tests), slowest: slowest(files) };
}

/** The end-to-end tests, from the report of Playwright's reporter "json"; `projects` has the time of their tests, added up. */
export function endToEndTests({ suites }) {
  const STATUSES = { expected: 'passed', skipped: 'skipped' };
  const tests = suites.flatMap(specsOf).flatMap(({ title, file, tests }) =>
    tests.map(({ projectName, status, annotations, results }) => ({
      name: `${projectName ? `[${projectName}] ` : ''}${file}: ${title}`,
      project: projectName,
      status: STATUSES[status] ?? 'failed',
      reason: annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description,
      ms: results.reduce((sum, { duration }) => sum + duration, 0),
    })),
  );
  const projects = {};
  for (const { project, ms } of tests) projects[project] = (projects[project] ?? 0) + ms;
  return { ...counted(tests), slowest: slowest(tests), projects };
}

/** All specs of a suite in Playwright's report, those of suites in it included. */
export const specsOf = ({ specs = [], suites = [] }) => [...specs, ...suites.flatMap(specsOf)];

/** A test that is skipped without a reason counts as failed: nobody would hear of it. */
function counted(tests) {
  const of = (wanted) => tests.filter(({ status }) => status === wanted);
  const explained = of('skipped').filter(({ reason }) => reason);
  const unexplained = of('skipped').filter(({ reason }) => !reason);
  return {
    passed: of('passed').length,
    /** The name of each. */
    failed: [
      ...of('failed').map(({ name }) => name),
      ...unexplained.map(({ name }) => `${name} (skipped without a reason)`),
    ],
    /** The reason of each. */
    skipped: explained.map(({ reason }) => reason),
  };
}

function slowest(all) {
  return all
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, 10)
    .map(({ name, ms }) => ({ name, ms }));
}

/** A line for each reason, the most frequent first: "  242 unit tests: no WebGPU adapter". */
export function skippedLines(kind, reasons) {
  const counts = new Map();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `  ${count} ${kind} ${count === 1 ? 'test' : 'tests'}: ${reason}`);
}

/** "59 s", "2 min 5 s" */
export function duration(ms) {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
