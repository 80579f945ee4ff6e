import { expect, it } from 'vitest';
import { allowance, schedule } from './schedule.ts';

it('runs every suite in Chromium, and in Node those that belong there', () => {
  const all = schedule({ env: 'both', size: 'xs' }).map(({ place, suite }) => `${place} ${suite.name}`);
  expect(all).toContain('chromium decode-wasm');
  expect(all).toContain('node decode');
  expect(all).not.toContain('node decode-wasm');
});

it('runs the one suite that has the row asked for', () => {
  const slots = schedule({ env: 'chromium', size: 'xs', only: 'decode-xs-vs-ort' });
  expect(slots.map(({ suite }) => suite.name)).toEqual(['decode']);
  expect(schedule({ env: 'both', size: 'xs', only: 'no-such-row' })).toEqual([]);
});

it('ends within three minutes even when every suite takes all it may', () => {
  let slots = schedule({ env: 'both', size: 'xs' });
  let elapsed = 5_000;
  while (slots.length > 0) {
    elapsed += allowance(slots, true, elapsed).limit;
    slots = slots.slice(1);
  }
  expect(elapsed).toBeLessThanOrEqual(171_000);
});
