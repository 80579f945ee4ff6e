import { describe, expect, it } from 'vitest';
import { duration, endToEndTests, skippedLines, unitTests } from './report.mjs';

describe('the unit tests', () => {
  const file = (name: string, status: string, ...tests: { status: string; meta?: { missing?: string } }[]) => ({
    name: `/project/${name}`,
    status,
    startTime: 1000,
    endTime: 1000 + 100 * tests.length,
    assertionResults: tests.map((test, i) => ({ fullName: `test ${i}`, meta: {}, ...test })),
  });
  const read = (...testResults: unknown[]) => unitTests({ testResults }, '/project');

  it('are counted, those skipped with the reason of each', () => {
    const skipped = { status: 'skipped', meta: { missing: 'no adapter' } };
    expect(
      read(
        file('a.test.ts', 'passed', { status: 'passed' }, skipped, skipped),
        file('b.test.ts', 'failed', { status: 'failed' }, { status: 'passed' }),
      ),
    ).toEqual({
      passed: 2,
      failed: ['b.test.ts: test 0'],
      skipped: ['no adapter', 'no adapter'],
      slowest: [
        { name: 'a.test.ts', ms: 300 },
        { name: 'b.test.ts', ms: 200 },
      ],
    });
  });

  it('fail where one is skipped without a reason', () => {
    const todo = { status: 'todo' };
    expect(read(file('a.test.ts', 'passed', { status: 'skipped' }, todo))).toMatchObject({
      failed: ['a.test.ts: test 0 (skipped without a reason)', 'a.test.ts: test 1 (skipped without a reason)'],
      skipped: [],
    });
  });

  it('fail once for a file that does not load, and for one whose hook failed', () => {
    const [broken, hook] = [file('a.test.ts', 'failed'), file('b.test.ts', 'failed', { status: 'skipped' })];
    expect(read(broken, hook)).toMatchObject({ passed: 0, failed: ['a.test.ts', 'b.test.ts'], skipped: [] });
  });
});

describe('the end-to-end tests', () => {
  const test = (projectName: string, status: string, ...annotations: { type: string; description?: string }[]) => ({
    projectName,
    status,
    annotations,
    results: [{ duration: 1000 }],
  });

  it('are counted over all suites and projects', () => {
    const skip = { type: 'skip', description: 'no Firefox' };
    const inner = { specs: [{ title: 'y', file: 'x.spec.ts', tests: [test('chromium', 'unexpected')] }] };
    const tests = [test('chromium', 'expected'), test('firefox', 'skipped', { type: 'slow' }, skip)];
    const suites = [{ specs: [{ title: 'x', file: 'x.spec.ts', tests }], suites: [inner] }];
    expect(endToEndTests({ suites })).toEqual({
      passed: 1,
      failed: ['[chromium] x.spec.ts: y'],
      skipped: ['no Firefox'],
      slowest: ['[chromium] x.spec.ts: x', '[firefox] x.spec.ts: x', '[chromium] x.spec.ts: y'].map((name) => ({
        name,
        ms: 1000,
      })),
      projects: { chromium: 2000, firefox: 1000 },
    });
  });

  it('fail where one passed only when it was tried again, or is skipped without a reason', () => {
    const tests = [test('', 'flaky'), test('', 'skipped')];
    expect(endToEndTests({ suites: [{ specs: [{ title: 'x', file: 'x.spec.ts', tests }] }] })).toMatchObject({
      passed: 0,
      failed: ['x.spec.ts: x', 'x.spec.ts: x (skipped without a reason)'],
    });
  });
});

it('says how many were skipped for which reason, the most frequent first', () => {
  expect(skippedLines('unit', ['a', 'b', 'b'])).toEqual(['  2 unit tests: b', '  1 unit test: a']);
});

it('says durations in minutes and seconds', () => {
  expect([0, 59_400, 59_600, 3_605_000].map(duration)).toEqual(['0 s', '59 s', '1 min 0 s', '60 min 5 s']);
});
