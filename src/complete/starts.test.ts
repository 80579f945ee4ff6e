import { expect, test } from 'vitest';
import { ANY, classOf, EACH, startOf, startsFor } from './starts.ts';

const model = { starts: ['cat', 'ship'] };

test('a class that was chosen begins all variants; each class one of them, in turn', () => {
  expect(startsFor('ship', model)).toEqual([1]);
  expect(startsFor(EACH, model)).toEqual([0, 1]);
});

test('nothing chosen, a model without classes, and one that does not know the class begin without', () => {
  expect(startsFor(ANY, model)).toBeUndefined();
  expect(startsFor('ship', {})).toBeUndefined();
  expect(startsFor('ship', null)).toBeUndefined();
  expect(startsFor('boat', model)).toBeUndefined();
});

test('each picture is told its class, the original only where all have one', () => {
  const run = (starts?: number[]) => ({ starts, model: model as never });
  expect([0, 1, 2].map((v) => classOf(run([0, 1]), v))).toEqual(['cat', 'ship', 'cat']);
  expect(startOf(run([0, 1]), 'original')).toBeUndefined();
  expect(classOf(run([1]), 'original')).toBe('ship');
  expect(classOf(run(), 0)).toBeUndefined();
});
