import { expect, it } from 'vitest';
import { emptyHistory } from '../../formats/run-history.ts';
import { Course } from './course.ts';

const step = { step: 1, loss: 3, gradientNorm: 1, rate: 1e-3 };
const course = new Course(emptyHistory());

it('takes a step of f16 that was skipped for what it is, until the scale is down', () => {
  const skipped = { ...step, gradientNorm: Number.POSITIVE_INFINITY };
  expect(course.leap({ ...skipped, scaling: { scale: 1024, skipped: 1 } })).toBeUndefined();
  expect(course.leap({ ...skipped, scaling: { scale: 1, skipped: 17 } })).toContain('the gradient was no number');
  expect(course.leap(skipped)).toContain('the gradient was no number');
  const lost = { ...skipped, loss: Number.NaN, scaling: { scale: 1024, skipped: 1 } };
  expect(course.leap(lost)).toContain('the loss was no number');
});
