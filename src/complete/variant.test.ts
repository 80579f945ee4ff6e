import { expect, test } from 'vitest';
import { type CompletionUpdate, TOP_COLOURS, UNKNOWN } from '../../workers/contract.ts';
import { bareVariant, bitsPerPixel, withUpdate } from './variant.ts';

const GIVEN = Int16Array.of(7, UNKNOWN, UNKNOWN, UNKNOWN);

function update(from: number, to: number, variants: number, nats: number): CompletionUpdate {
  const size = variants * (to - from);
  return {
    from,
    to,
    tokens: Int16Array.from({ length: size }, (_, i) => 10 + i),
    nll: new Float32Array(size).fill(nats),
    entropy: new Float32Array(size).fill(nats),
    topColours: Int16Array.from({ length: size * TOP_COLOURS }, (_, i) => i),
    topProbabilities: new Float32Array(size * TOP_COLOURS).fill(0.1),
  };
}

test('each variant gets its own pixels of an update', () => {
  const [first, second] = withUpdate([bareVariant(GIVEN), bareVariant(GIVEN)], update(1, 3, 2, 1), GIVEN);
  expect([...first.tokens]).toEqual([7, 10, 11, UNKNOWN]);
  expect([...second.tokens]).toEqual([7, 12, 13, UNKNOWN]);
  expect(second.topColours[1 * TOP_COLOURS]).toBe(2 * TOP_COLOURS);
  expect(second.topColours[3 * TOP_COLOURS]).toBe(UNKNOWN);
});

test('an update replaces earlier pixels and leaves what others hold alone', () => {
  const before = withUpdate([bareVariant(GIVEN)], update(1, 3, 1, 1), GIVEN);
  const after = withUpdate(before, update(1, 2, 1, 3), GIVEN);
  expect([...after[0].nll.subarray(1, 3)]).toEqual([3, 1]);
  expect([...before[0].nll.subarray(1, 3)]).toEqual([1, 1]);
});

test('bits per pixel count only what the model chose and what has come', () => {
  expect(bitsPerPixel(Float32Array.of(99, Math.LN2, 3 * Math.LN2, Number.NaN), GIVEN)).toBeCloseTo(2, 6);
  expect(bitsPerPixel(Float32Array.of(99, Number.NaN, Number.NaN, Number.NaN), GIVEN)).toBeNull();
});
