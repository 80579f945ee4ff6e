import { expect, test } from 'vitest';
import type { RunHistory, RunInfo } from '../../workers/contract.ts';
import type { OpenRun } from '../state/training.ts';
import { turnOf } from './spoken.ts';

const run = (phase: RunInfo['phase'], step: number, more: Partial<RunInfo> = {}): OpenRun => ({
  info: { id: 'a', name: 'Mine', phase, step, best: null, ...more } as RunInfo,
  history: { loss: Float32Array.of(5) } as RunHistory,
  tokensPerSecond: 0,
  shareOfPeak: 0,
  bytes: 0,
});

test('the turns of a run are said', () => {
  expect(turnOf(run('running', 0), run('preparing', 0))).toBe('The training of Mine has started.');
  expect(turnOf(run('running', 0), null)).toBe('The training of Mine has started.');
  expect(turnOf(run('paused', 12), run('running', 12))).toBe('Mine is paused at step 12, loss 5.000 nats per pixel.');
  expect(turnOf(run('paused', 9, { note: 'The loss leapt up.' }), run('running', 9))).toBe(
    'Mine is paused at step 9, loss 5.000 nats per pixel. The loss leapt up.',
  );
  expect(turnOf(run('paused', 13), run('paused', 12))).toBe('Mine is paused at step 13, loss 5.000 nats per pixel.');
  expect(turnOf(run('running', 1300), run('paused', 1300))).toBe('Mine goes on from step 1,300.');
  expect(turnOf(run('resting', 14), run('running', 14))).toBe('Mine has stopped at step 14, and is saved.');
  const best = { step: 20, loss: 3.25 };
  expect(turnOf(run('finished', 20, { best }), run('running', 20))).toBe(
    'Mine is done at step 20. Best loss on held-out pictures: 3.250 nats per pixel.',
  );
});

test('its course is not', () => {
  expect(turnOf(run('running', 8), run('running', 7))).toBeUndefined();
  expect(turnOf(run('preparing', 0), run('resting', 0))).toBeUndefined();
  expect(turnOf(run('resting', 8), null)).toBeUndefined();
  expect(turnOf(null, run('running', 7))).toBeUndefined();
});
