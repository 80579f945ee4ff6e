/** Which suites run where, and how long each may take. */
import type { Options } from './options.ts';
import { CATALOGUE, type Entry } from './suites/catalogue.ts';

export type PlaceName = 'chromium' | 'node';

export interface Slot {
  place: PlaceName;
  suite: Entry;
}

export function schedule({ env, size, only }: Pick<Options, 'env' | 'size' | 'only'>): Slot[] {
  return (['chromium', 'node'] as const)
    .filter((place) => env === 'both' || env === place)
    .flatMap((place) => CATALOGUE.map((suite) => ({ place, suite })))
    .filter(({ place, suite }) => (suite.only ?? place) === place && (!only || suite.rows(size).includes(only)));
}

/** --quick promises three minutes, of which some go to the start and the end. */
const QUICK_MS = 170_000;
const LONG_MS = 15 * 60_000;

export interface Allowance {
  /** After this long a suite begins nothing further. */
  budget: number;
  /** After this long it is stopped. */
  limit: number;
}

/**
 * What the first of the slots that are left may take. By --quick the time that is left is shared out as the suites'
 * usual durations are, so that a slow machine cuts each a little and none altogether.
 */
export function allowance(slots: Slot[], quick: boolean, elapsed: number): Allowance {
  if (!quick) return { budget: LONG_MS, limit: 2 * LONG_MS };
  const seconds = slots.map(({ place, suite }) => suite.seconds[place]);
  const left = Math.max(0, QUICK_MS - elapsed);
  const share = seconds[0] / seconds.reduce((a, b) => a + b, 0);
  return { budget: left * share, limit: left * Math.min(1, 1.5 * share) };
}
