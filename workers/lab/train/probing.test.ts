/** When there is time for one more probe. */
import { describe, expect, it } from 'vitest';
import type { ProbeCourse } from '../../contract.ts';
import { keepsWithin } from './probing.ts';

const STEPS = 1000;
/** Steps of one second each, and probes that took so many. */
const run = (step: number, ...took: number[]) => ({
  step,
  seconds: step,
  probe: {
    learnt: 1,
    tested: 1,
    chance: 0.5,
    pixels: { accuracy: 0.5, seconds: 5 },
    probes: took.map((seconds, i) => ({ step: i + 1, seconds, accuracy: new Float32Array(2) })),
  } satisfies ProbeCourse,
});
const may = (course: Parameters<typeof keepsWithin>[1]) => keepsWithin(0.1, course, STEPS);

describe('another probe', () => {
  it('has to be tried once', () => expect(may({ step: 1, seconds: 1, probe: undefined })).toBe(true));

  it('waits until with it all of them, and the baseline, are a tenth of the time', () => {
    expect(may(run(249, 10))).toBe(false);
    expect(may(run(250, 10))).toBe(true);
    expect(may(run(349, 10, 10))).toBe(false);
    expect(may(run(350, 10, 10))).toBe(true);
  });

  it('is taken to be as long as the longest', () => {
    expect(may(run(300, 20, 5))).toBe(false);
    expect(may(run(500, 20, 5))).toBe(true);
  });

  it('is not taken where the one at the end would have no time left', () => {
    expect(may(run(999, 10, 10, 10, 10, 10, 10, 10))).toBe(true); // 75 seconds: room for two more
    expect(may(run(999, 10, 10, 10, 10, 10, 10, 10, 10))).toBe(false); // 85 seconds: for one
    expect(may(run(1000, 10, 10, 10, 10, 10, 10, 10, 10))).toBe(true);
    expect(may(run(1000, 10, 10, 10, 10, 10, 10, 10, 10, 10))).toBe(false);
  });
});
