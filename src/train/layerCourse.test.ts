import { expect, it } from 'vitest';
import { csvOf, layerCourseOf, timeOf } from './layerCourse.ts';

const probe = (step: number, ...accuracy: number[]) => ({ step, seconds: 0.5, accuracy: Float32Array.from(accuracy) });
const probes = [probe(10, 0.25, 0.5, 0.5), probe(20, 0.75, 0.5, 0.125), probe(50, 0.5, 0.5, 0.625)];
const course = { learnt: 8, tested: 8, chance: 0.125, pixels: { accuracy: 0.25, seconds: 1 }, probes };

it('gives each probe the steps that are nearest to it, and names its best layer', () => {
  const { columns, layers, least, most } = layerCourseOf({ ...course, chance: 0.0625 });
  expect(columns.map(({ from, until, best }) => [from, until, best])).toEqual([
    [5, 15, 1],
    [15, 35, 0],
    [35, 65, 2],
  ]);
  expect([layers, least, most]).toEqual([3, 0.0625, 0.75]);
  expect(layerCourseOf({ ...course, chance: 0.5 }).least).toBe(0.125);
});

it('draws a single probe too', () => {
  expect(layerCourseOf({ ...course, probes: probes.slice(0, 1) }).columns).toMatchObject([
    { from: 9, until: 11, best: 1 },
  ]);
});

it('tells what probing took, the baseline included, beside the steps', () => {
  expect(timeOf(course, { seconds: Float32Array.of(5, 25) })).toEqual({ took: 2.5, share: 0.1 });
  expect(timeOf(course, { seconds: new Float32Array(0) })).toEqual({ took: 2.5, share: 0 });
});

it('has a row a probe and a column a layer', () => {
  expect(csvOf(course)).toBe(
    'step,layer_0,layer_1,layer_2,best_layer,raw_pixels,chance,seconds\n' +
      '10,0.25,0.5,0.5,1,0.25,0.125,0.5\n20,0.75,0.5,0.125,0,0.25,0.125,0.5\n50,0.5,0.5,0.625,2,0.25,0.125,0.5\n',
  );
});
